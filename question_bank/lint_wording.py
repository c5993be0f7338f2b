"""Rules about the words of one item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint_findings import Finding

LENGTHS_APART = 1.6
"""The longest option may have this many times the characters of the shortest …"""
LENGTHS_SLACK = 3
"""… or be so many characters longer: 3 beside 6 characters gives nothing away."""
CLUE = 3
"""So many characters in a row, in the stem and in the key alone, lead to the key without knowing anything."""
ABSOLUTE = (
    "一定",
    "必须",
    "从不",
    "从来不",
    "所有",
    "完全",
    "任何",
    "绝对",
    "永远",
    "总是",
    "一律",
    "一切",
    "毫无",
    "必定",
)
_ALL_OR_NONE = re.compile(
    r"(?:以上|上述|前述|上面)(?:各|几|[两三四])?[项者种个]?(?:选项|说法|做法|答案)?(?:[都均皆全]|没有)"
    r"|^(?:全部|都)(?:正确|对|不对|不正确)。?$|^[A-E](?:[、和与及或]|以及)[A-E]"
)
_NEGATIVE = re.compile(
    r"不(?:正确|恰当|属于|合适|合宜|妥当?|适宜|适当|宜|包括|包含|符合|合理|可取|准确|规范|利于|应当?|该|能|可以|是)|错误|有误|欠妥"
)
_ASKED = re.compile(
    r"[^，。；：？！“”]*的是[？：]?$|[^，。；：？！“”]*(?:哪一?[项种些个句]|是什么|是)[^，。；：？！“”]*[？：]$"
)
_BOLD = re.compile(r"\*\*.+?\*\*")
_SPOKEN = re.compile(r"“[^”]*”")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def check(item: BankItem, file: str) -> Iterator[Finding]:
    for rule, message, params in _found(item):
        yield Finding(rule, file, message, params, item.id)


def is_negative(item: BankItem) -> bool:
    """The question asks for what is wrong."""
    asked = _ASKED.search(_SPOKEN.sub("", item.stem).replace("*", "").strip())
    return bool(item.options and asked and _NEGATIVE.search(asked.group()))


def has_absolute(text: str) -> bool:
    return any(word in text for word in ABSOLUTE)


def _found(item: BankItem) -> Iterator[tuple[str, str, dict[str, object]]]:
    yield from _lengths(item)
    if any(_ALL_OR_NONE.search(text) for text in item.options.values()):
        yield "all_or_none", N_("An option stands for others (all or none of the above); write one of its own."), {}
    if is_negative(item) and not any(_NEGATIVE.search(bold) for bold in _BOLD.findall(item.stem)):
        yield (
            "negative_not_bold",
            N_("The stem asks for what is wrong without showing so; set the negative word in **bold**."),
            {},
        )
    if clue := _clue(item):
        yield "clue_word", N_("“%(words)s” stands in the stem and in right options alone."), {"words": clue}
    if item.options and any(map(has_absolute, item.wrong())) and not any(map(has_absolute, item.right())):
        yield "absolute_words", N_("Absolute words stand only in wrong options; take them out or balance them."), {}


def _lengths(item: BankItem) -> Iterator[tuple[str, str, dict[str, object]]]:
    sizes = sorted(map(len, item.options.values()))
    if sizes and sizes[-1] - sizes[0] > LENGTHS_SLACK and sizes[-1] > LENGTHS_APART * sizes[0]:
        message = N_("The options are from %(short)s to %(long)s characters long; make them alike.")
        yield "option_lengths", message, {"short": sizes[0], "long": sizes[-1]}


def _clue(item: BankItem) -> str:
    """Words of the stem in every right option, where no wrong option repeats the stem at all."""
    said = _grams(item.stem)
    if any(said & _grams(text) for text in item.wrong()):
        return ""
    return next(iter(sorted(said.intersection(*map(_grams, item.right())))), "") if item.options else ""


def _grams(text: str) -> set[str]:
    return {run[at : at + CLUE] for run in _HAN.findall(text) for at in range(len(run) - CLUE + 1)}
