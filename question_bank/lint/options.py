"""Options alike in form: nothing but knowledge may tell one from another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, permutations

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.quantities import Quantity, quantity, span
from question_bank.lint.texts import CHOICES, HAN, plain

Rule = Callable[[BankItem, Sequence[str]], Iterator[Mark]]

LENGTHS_APART = 1.6
"""The longest option may have this many times the characters of the shortest …"""
LENGTHS_SLACK = 3
"""… or be so many characters longer: 3 beside 6 characters gives nothing away."""
SAME_WORDS = 4
"""So many characters with which every option begins, or ends, belong into the stem."""
CONTAINED = 4
ABSOLUTE = (
    "一定", "必须", "从不", "从来不", "所有", "完全", "任何", "绝对", "永远", "总是", "一律", "一切", "毫无", "必定",
)  # fmt: skip
_DENIED = re.compile(r"[不未无没非].*")
"""What is denied is not said a second time but contradicted."""
_CLOSED = re.compile(r"[。？！…]$|^“.*[。？！…]”$")
_NOT_ABSOLUTE = re.compile(
    r"不一定|一定(?:的|程度|范围|比例|期限|时间|数量|条件|要求)"
    r"|不完全|所有(?:权|者)|不必须|并非所有|绝对(?:数|值|量|额)"
)
_ALL_OR_NONE = re.compile(
    r"(?:以上|上述|前述|上面|以下|前面)(?:各|几|[两三四])?[项者种个条]?(?:选项|说法|做法|答案|情况|情形)?(?:[都均皆全]|没有|无一)"
    r"|^(?:全部|都|皆|均)(?:是|正确|对|不对|不正确|不是|可以|不可以)。?$|^(?:全选|都选|皆可|均可|全都?对|全都?错)。?$"
    r"|^(?:选项)?[A-E](?:[、和与及或]|以及)(?:选项)?[A-E]|^(?:其他|其余)(?:选项|各项|三项)"
)


def check(item: BankItem) -> Iterator[Mark]:
    if item.type not in CHOICES or not item.options:
        return
    texts = [plain(text) for text in item.options.values()]
    for rule in RULES:
        yield from rule(item, texts)


def has_absolute(text: str) -> bool:
    said = _NOT_ABSOLUTE.sub("", text)
    return any(word in said for word in ABSOLUTE)


def _lengths(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    sizes = sorted(map(len, texts))
    if sizes[-1] - sizes[0] > LENGTHS_SLACK and sizes[-1] > LENGTHS_APART * sizes[0]:
        message = N_("The options are from %(short)s to %(long)s characters long; make them alike.")
        yield Mark("option_lengths", message, {"short": sizes[0], "long": sizes[-1]})


def _all_or_none(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    if any(_ALL_OR_NONE.search(text) for text in texts):
        message = N_("An option stands for others (all or none of the above); write one of its own.")
        yield Mark("all_or_none", message)


def _absolute(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    if any(map(has_absolute, item.wrong())) and not any(map(has_absolute, item.right())):
        yield Mark("absolute_words", N_("Absolute words stand only in wrong options; take them out or balance them."))


def _quantities(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    read = [quantity(text) for text in texts]
    found = [one for one in read if one]
    if found and len(found) < len(read) and any(not re.search(r"\d", text) for text in texts):
        yield Mark("options_mixed", N_("Some options are figures and others words; make all of them alike."))
    if len(found) < len(read):
        return
    if len({one.unit for one in found}) > 1:
        units = "、".join(sorted({one.unit or "—" for one in found}))
        yield Mark("option_units", N_("The options count in different units (%(units)s); use one."), {"units": units})
    elif not _in_order(found):
        yield Mark("options_unordered", N_("The options are figures out of order; write them from small to large."))


def _in_order(found: Sequence[Quantity]) -> bool:
    values = [one.value for one in found]
    return all(one < other for one, other in pairwise(values)) or all(one > other for one, other in pairwise(values))


def _overlaps(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    """A range inside a wider one may be the answer itself; two that share a part decide nothing."""
    spans = [found for found in map(span, texts) if found]
    if any(one.low < other.low < one.high < other.high for one, other in permutations(spans, 2)):
        yield Mark("option_overlap", N_("The ranges of two options overlap; draw a line between them."))


def _all_or_no_option(rule: str, message: str, told: Callable[[str], bool]) -> Rule:
    def check_form(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
        count = sum(map(told, texts))
        if 0 < count < len(texts):
            yield Mark(rule, message, {"count": count, "options": len(texts)})

    return check_form


def _same_words(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    """Spoken replies may open alike: that is how people talk."""
    if all(text.startswith("“") for text in texts) or all(map(quantity, texts)):
        return
    for words in (_beginning(texts), _beginning([text[::-1] for text in texts])[::-1]):
        same = words.replace("个百分点", "").strip("，。、；： ")
        if sum(map(len, HAN.findall(same))) >= SAME_WORDS:
            message = N_("Every option repeats “%(words)s”; move these words to the stem.")
            yield Mark("option_repeats", message, {"words": same})


def _beginning(texts: Sequence[str]) -> str:
    """What all of them begin with."""
    first, last = min(texts), max(texts)
    alike = (place for place, sign in enumerate(first) if sign != last[place : place + 1])
    return first[: next(alike, len(first))]


def _contained(item: BankItem, texts: Sequence[str]) -> Iterator[Mark]:
    for one, other in permutations([text.strip("“”。") for text in texts], 2):
        if len(one) >= CONTAINED and one != other and one in _DENIED.sub("", other) and not quantity(one):
            message = N_(
                "One option stands whole inside another (“%(words)s”); then both are right or the longer says too much."
            )
            yield Mark("option_contained", message, {"words": one})


RULES: tuple[Rule, ...] = (
    _lengths,
    _all_or_none,
    _absolute,
    _quantities,
    _overlaps,
    _all_or_no_option(
        "option_speech",
        N_("%(count)s of %(options)s options are spoken words; let all be, or none."),
        lambda text: text.startswith("“") and text.rstrip("。").endswith("”"),
    ),
    _all_or_no_option(
        "option_endings",
        N_("%(count)s of %(options)s options end with a closing sign; let all do so, or none."),
        lambda text: bool(_CLOSED.search(text)),
    ),
    _same_words,
    _contained,
)
