"""The stem: one question or an unfinished sentence with its point at the end, and nothing that gives the form away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.item_text import GAP, Table, blocks
from question_bank.lint.findings import Mark
from question_bank.lint.texts import CHOICES, plain, unspoken

LONGEST_STEM = 300
_GAP = re.compile(rf"{GAP.pattern}|[（(]\s*[）)]|【\s*】|…{{3,}}")
_ENDS = {
    "single": re.compile(r"[？：]”?$|[是为有](?:[（(]\s*[）)])?。?$"),
    "multiple": re.compile(r"[？：]”?$|[是为有](?:[（(]\s*[）)])?。?$"),
    "truefalse": re.compile(r"[。！][”）]?$|[？]”$"),
}
_COUNT = re.compile(r"(?:哪|以下|下列|其中)(?:的)?[两二三四2-4]\s*[项个种条点类]|[（(](?:选|多选)?[两二三四2-4]项[）)]")
_SEVERAL = re.compile(r"哪些")
_ONE = re.compile(r"哪一[项个种条类句]")
_MATERIAL = re.compile(
    r"根据(?:以上|上述)?材料|上述材料|[如上下据由]下?表(?!述|现|达|明|示|格|扬|级)"
    r"|如图|[上下]图(?:中|所示)|(?:上述|以上|本)案例"
)
_OTHER_ITEM = re.compile(
    r"[上前下]一?[道]?(?:小)?题|(?<![的卷稿])第[一二三四五1-5](?:小)?题|本组(?:其他|另一)题|接上题|承上"
)


def check(item: BankItem) -> Iterator[Mark]:
    words = plain(item.stem)
    end = _ENDS.get(item.type)
    if end and not end.search(words):
        message = N_("The stem ends as neither a question nor a statement; close it with the right sign.")
        yield Mark("stem_end", message)
    if item.type in CHOICES:
        yield from _number(item, words)
        if found := _GAP.search(words[:-4]):
            message = N_("The stem has a gap in its middle (“%(words)s”); put what is asked at its end.")
            yield Mark("stem_gap", message, {"words": found.group()})
    if len(words) > LONGEST_STEM:
        message = N_("The stem has %(length)s characters beside tables; %(most)s are enough.")
        yield Mark("stem_long", message, {"length": len(words), "most": LONGEST_STEM})
    if found := _OTHER_ITEM.search(unspoken(words)):
        message = N_("The stem leans on another item (“%(words)s”); each is answered alone.")
        yield Mark("stem_leans", message, {"words": found.group()})
    if (found := _MATERIAL.search(unspoken(words))) and not _has_material(item):
        message = N_("The stem speaks of material (“%(words)s”) and there is none.")
        yield Mark("no_material", message, {"words": found.group()})


def _number(item: BankItem, words: str) -> Iterator[Mark]:
    """The grammar of the question must not say how many options are right."""
    asked = re.split(r"[。；！\n]", unspoken(words).rstrip("。"))[-1]
    if item.type == "multiple" and (found := _COUNT.search(asked)):
        message = N_("The stem says how many options are right (“%(words)s”); leave that out.")
        yield Mark("count_told", message, {"words": found.group()})
    wrong = (_SEVERAL if item.type == "single" else _ONE).search(asked)
    if wrong:
        message = N_("“%(words)s” does not fit the number of right options of this type.")
        yield Mark("number_cue", message, {"words": wrong.group()})


def _has_material(item: BankItem) -> bool:
    return bool(item.stimulus or item.media) or any(isinstance(block, Table) for block in blocks(item.stem))
