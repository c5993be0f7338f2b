"""Items too much alike: on one paper the second would be answered by the first, or from memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint_findings import Finding

ALIKE = 55
"""Share of characters in common, in percent, from which two stems are near-duplicates unless declared enemies."""
THE_SAME = 85
"""From here on they are one item twice, enemies or not."""


def near_duplicates(found: Sequence[FoundItem]) -> Iterator[Finding]:
    for at, one in enumerate(found):
        rest = found[at + 1 :]
        stems = [other.item.stem for other in rest]
        for _, ratio, place in process.extract(one.item.stem, stems, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
            other = rest[place]
            if ratio < THE_SAME and _enemies(one.item, other.item):
                continue
            message = N_(
                "The stem is %(percent)s %% the same as that of %(other)s (%(file)s); write another situation."
            )
            params = {"percent": round(ratio), "other": other.item.id, "file": other.file}
            yield Finding("near_duplicate", one.file, message, params, one.item.id)


def _enemies(one: BankItem, other: BankItem) -> bool:
    return other.id in one.enemies or one.id in other.enemies
