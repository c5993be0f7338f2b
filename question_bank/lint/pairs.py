"""Items too much alike: on one paper the second would be answered by the first, or from memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint.alike import alike
from question_bank.lint.findings import Finding
from question_bank.lint.texts import plain

ALIKE = 55
"""Share of characters in common, in percent, from which two stems are near-duplicates unless declared enemies."""
THE_SAME = 85
"""From here on they are one item twice, enemies or not."""
WHOLE_ALIKE = 60
"""The same for material, stem and options together: another question about the same answers."""


class Why(StrEnum):
    STEMS = "stems"
    WHOLE = "whole"
    TOLD = "told"
    """The words of one item's answer stand in the other's stem."""


@dataclass(frozen=True)
class Pair:
    one: FoundItem
    other: FoundItem
    why: Why
    percent: float | None = None

    @property
    def enemies(self) -> bool:
        return self.other.item.id in self.one.item.enemies or self.one.item.id in self.other.item.enemies


def near_duplicates(found: Sequence[FoundItem]) -> Iterator[Finding]:
    for pair in pairs(found, ALIKE, WHOLE_ALIKE):
        percent = pair.percent or 0
        if percent < THE_SAME and (pair.enemies or together(pair.one.item, pair.other.item)):
            continue
        message = (
            N_("The stem is %(percent)s %% the same as that of %(other)s (%(file)s); write another situation.")
            if pair.why is Why.STEMS
            else N_("All its words are %(percent)s %% the same as those of %(other)s (%(file)s); ask something else.")
        )
        params = {"percent": round(percent), "other": pair.other.item.id, "file": pair.other.file}
        yield Finding("near_duplicate", pair.one.file, message, params, pair.one.item.id)


def pairs(found: Sequence[FoundItem], stems: int, whole: int) -> Iterator[Pair]:
    """Each pair once: by its stems, or else by all that candidates read."""
    seen: set[tuple[int, int]] = set()
    for one, other, percent in alike([plain(each.item.stem) for each in found], stems):
        real = _with_material(found[one].item, found[other].item, percent)
        if real >= stems:
            seen.add((one, other))
            yield Pair(found[one], found[other], Why.STEMS, real)
    chosen = [place for place, each in enumerate(found) if each.item.options]
    for one, other, percent in alike([_whole(found[place].item) for place in chosen], whole):
        first, second = chosen[one], chosen[other]
        if (first, second) not in seen and not together(found[first].item, found[second].item):
            yield Pair(found[first], found[second], Why.WHOLE, percent)


def together(one: BankItem, other: BankItem) -> bool:
    """Items of one material are about the same thing, and meant to stand side by side."""
    return one.stimulus is not None and other.stimulus is not None and one.stimulus.id == other.stimulus.id


def _whole(item: BankItem) -> str:
    """All that candidates read, the options in an order that does not depend on their letters."""
    material = item.stimulus.text if item.stimulus else ""
    return plain("\n".join((material, item.stem, *sorted(item.options.values()))))


def _with_material(one: BankItem, other: BankItem, percent: float) -> float:
    """“What was the service level?” is another question where it is asked of other data."""
    if together(one, other) or not (one.stimulus or other.stimulus):
        return percent
    texts = [(item.stimulus.text if item.stimulus else "") + plain(item.stem) for item in (one, other)]
    return min(percent, fuzz.ratio(*texts))
