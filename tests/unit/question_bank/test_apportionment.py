"""The search against trying every table there is."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.apportionment import NoTable, apportion

Table = dict[str, tuple[int, ...]]


def distance(table: Table, row_marks: dict[str, int], counts: list[int]) -> Fraction:
    total = sum(row_marks.values())
    return sum(
        (
            (take - Fraction(count * row_marks[row], total)) ** 2 / Fraction(count * row_marks[row], total)
            for row, takes in table.items()
            for take, count in zip(takes, counts, strict=True)
        ),
        start=Fraction(0),
    )


def every_table(row_marks: dict[str, int], counts: list[int], marks: list[int]) -> list[Table]:
    options = [
        [
            takes
            for takes in product(*(range(count + 1) for count in counts))
            if sum(take * mark for take, mark in zip(takes, marks, strict=True)) == wanted
        ]
        for wanted in row_marks.values()
    ]
    return [
        dict(zip(row_marks, table, strict=True))
        for table in product(*options)
        if [sum(column) for column in zip(*table, strict=True)] == counts
    ]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_the_nearest_table_or_none(data: st.DataObject) -> None:
    kinds = data.draw(st.integers(1, 3))
    counts = data.draw(st.lists(st.integers(1, 4), min_size=kinds, max_size=kinds))
    marks = data.draw(st.lists(st.integers(1, 3), min_size=kinds, max_size=kinds))
    total = sum(count * mark for count, mark in zip(counts, marks, strict=True))
    cuts = sorted(data.draw(st.sets(st.integers(1, total - 1), max_size=2))) if total > 1 else []
    row_marks = {f"r{i}": b - a for i, (a, b) in enumerate(zip([0, *cuts], [*cuts, total], strict=True))}
    tables = every_table(row_marks, counts, marks)
    if not tables:
        with pytest.raises(NoTable):
            apportion(row_marks, counts, marks)
        return
    found = apportion(row_marks, counts, marks)
    assert found in tables
    assert distance(found, row_marks, counts) == min(distance(one, row_marks, counts) for one in tables)
