"""The integer table of rows and types nearest to proportional, by exact search.

Distance is counted as in a chi-square: an item too many weighs more where few are due. A window around the proportional
value keeps the search small: a table with a count outside it deviates by more than its width, so the best table inside
is the best of all as soon as its distance is no larger than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import lcm

Counts = tuple[int, ...]
RowMarks = tuple[tuple[str, int], ...]
Best = dict[Counts, tuple[int, tuple[Counts, ...]]]


class NoTable(Exception):
    """No whole numbers exist; `row` is the first one that cannot be met."""

    def __init__(self, row: str) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class _Form:
    """The margins of the table and the window searched; distances are scaled to whole numbers."""

    counts: Counts
    marks: Counts
    total: int
    width: int
    scale: int

    def window(self, count: int, wanted: int) -> range:
        share, over = divmod(count * wanted, self.total)
        return range(max(0, share - self.width + bool(over)), min(count, share + self.width) + 1)

    def tables(self, wanted: int) -> Iterator[Counts]:
        """Every way to make up a row's marks with counts near the proportional ones."""
        for head in product(*(self.window(count, wanted) for count in self.counts[:-1])):
            rest = wanted - sum(count * mark for count, mark in zip(head, self.marks, strict=False))
            tail, odd = divmod(rest, self.marks[-1])
            if not odd and tail in self.window(self.counts[-1], wanted):
                yield (*head, tail)

    def distance(self, table: Counts, wanted: int) -> int:
        due = [count * wanted for count in self.counts]
        return sum(self.scale // one * (take * self.total - one) ** 2 for take, one in zip(table, due, strict=True))


def apportion(row_marks: Mapping[str, int], counts: Sequence[int], marks: Sequence[int]) -> dict[str, Counts]:
    """Items of each type (in the order of `counts`) for every row, meeting both margins exactly."""
    return dict(zip(row_marks, _found(tuple(row_marks.items()), tuple(counts), tuple(marks)), strict=True))


@lru_cache(maxsize=64)
def _found(row_marks: RowMarks, counts: Counts, marks: Counts) -> tuple[Counts, ...]:
    """Kept: a level's is asked for with each drawing, and there are few levels."""
    wanted_of_rows = [wanted for _, wanted in row_marks]
    total, width = sum(wanted_of_rows), 1
    dues = [count * wanted for count in counts for wanted in wanted_of_rows]
    scale = lcm(*dues)
    while True:
        form = _Form(counts, marks, total, width, scale)
        try:
            distance, rows = _search(row_marks, form)
        except NoTable:
            if width > max(counts):
                raise
        else:
            if distance <= scale // max(dues) * (width * total) ** 2:
                return rows
        width *= 2


def _search(row_marks: RowMarks, form: _Form) -> tuple[int, tuple[Counts, ...]]:
    """Row by row: what the rows so far leave of each type, with the nearest way to leave it."""
    nothing = (0,) * len(form.counts)
    best: Best = {form.counts: (0, ())}
    for place, (row, wanted) in enumerate(row_marks):
        best = _next_row(best, wanted, form)
        if place == len(row_marks) - 1:
            best = {left: way for left, way in best.items() if left == nothing}
        if not best:
            raise NoTable(row)
    return best[nothing]


def _next_row(best: Best, wanted: int, form: _Form) -> Best:
    after: Best = {}
    tables = [(table, form.distance(table, wanted)) for table in form.tables(wanted)]
    for left, (distance, rows) in best.items():
        for table, more in tables:
            rest = tuple(have - take for have, take in zip(left, table, strict=True))
            if min(rest) < 0:
                continue
            way = (distance + more, (*rows, table))
            if rest not in after or way < after[rest]:
                after[rest] = way
    return after
