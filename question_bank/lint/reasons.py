"""Feedback and rationale: why each wrong option is wrong, in words that hold when options are shuffled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import CHOICES

SHORTEST_RATIONALE = 10
SHORTEST_FEEDBACK = 5
_LETTER = re.compile(
    r"选项\s*[A-E](?![A-Za-z])|(?<![A-Za-z/0-9])[A-E]\s*(?:选?项)(?!目)|(?<![A-Za-z/0-9])[A-E](?=(?:正确|错误|不对|不妥|有误|为错|是错))"
    r"|(?:答案|[应只故]选)\s*[为是]?\s*[A-E](?![A-Za-z])|(?<![A-Za-z/0-9])[A-E](?:、[A-E])+(?:[两三四]?项)"
    r"|[前后第][一二三四两]个?选项|(?:上|下)一个?选项|最后一[项个]选项"
)
_EMPTY = re.compile(r"^(?:该|此|本)?(?:选项|说法|做法)?(?:是)?(?:错误|不对|不正确|有误|错|不符合题意)(?:的)?[。！]?$")


def check(item: BankItem) -> Iterator[Mark]:
    if len(item.rationale) < SHORTEST_RATIONALE:
        message = N_("The rationale has %(length)s characters; say in a sentence why the key is right.")
        yield Mark("rationale_short", message, {"length": len(item.rationale)})
    for text in (item.rationale, *item.feedback.values()):
        if found := _LETTER.search(text):
            message = N_("“%(words)s” names an option by its place, and options are shuffled; name it by what it says.")
            yield Mark("letter_named", message, {"words": found.group()})
            break
    if item.type in CHOICES:
        yield from _feedback(item)


def _feedback(item: BankItem) -> Iterator[Mark]:
    wrong = [option for option in item.options if option not in item.key]
    missing = [option for option in wrong if not item.feedback.get(option)]
    if missing:
        message = N_("%(count)s of %(wrong)s wrong options have no feedback; say why each is wrong.")
        yield Mark("feedback_missing", message, {"count": len(missing), "wrong": len(wrong)})
    if set(item.feedback) & set(item.key):
        yield Mark("feedback_for_key", N_("A right option has feedback; say why it is right in the rationale."))
    if any(len(text) < SHORTEST_FEEDBACK or _EMPTY.match(text) for text in item.feedback.values()):
        yield Mark("feedback_empty", N_("A feedback says only that the option is wrong; say why."))
    if repeated := [text for text, count in Counter(item.feedback.values()).items() if count > 1]:
        message = N_("Two wrong options have the same feedback (“%(words)s”); say what is wrong with each.")
        yield Mark("feedback_repeated", message, {"words": repeated[0]})
