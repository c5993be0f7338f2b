"""How far two texts are apart: the fewest characters to add, leave out or replace."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def plain(text: str) -> str:
    """Width of characters and white space are no faults of typing."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def edits(typed: Sequence[str], wanted: Sequence[str]) -> int:
    return _last_row(typed, wanted)[-1]


def edits_to_beginning(typed: Sequence[str], wanted: Sequence[str]) -> int:
    """Fewest edits to any beginning of `wanted`: who has not come to its end has made no fault by that."""
    return min(_last_row(typed, wanted))


def _last_row(typed: Sequence[str], wanted: Sequence[str]) -> list[int]:
    above = list(range(len(wanted) + 1))
    for row, one in enumerate(typed, 1):
        here = [row]
        for column, other in enumerate(wanted, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (one != other)))
        above = here
    return above
