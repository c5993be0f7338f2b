"""A practice paper: every type, spread over the rows, enemies apart, new items first."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from question_bank import practising
from question_bank.pool_item import PoolItem

COUNTS = {"truefalse": 20, "single": 60, "multiple": 10}


def item(number: int, kind: str, row: str, enemies: frozenset[str] = frozenset(), stimulus: str = "") -> PoolItem:
    options = ("T", "F") if kind == "truefalse" else tuple("ABCD")
    return PoolItem(f"{kind}-{number}", 1, number, kind, row, f"{row}1", Decimal("0.5"), options, enemies, "", 60,
                    stimulus, options[:1])  # fmt: skip


def pool(each: int = 40) -> list[PoolItem]:
    return [item(place * 1000 + number, kind, "一二三四"[number % 4]) for place, kind in enumerate(COUNTS)
            for number in range(each)]  # fmt: skip


@pytest.mark.parametrize("counts, expected", [
    (COUNTS, {"truefalse": 6, "single": 17, "multiple": 3}),
    ({"single": 10, "multiple": 5}, {"single": 10, "multiple": 5}),
    ({"single": 99, "fill": 1}, {"single": 25, "fill": 1}),
    ({"single": 10, "open": 2}, {"single": 10}),
])  # fmt: skip
def test_as_many_of_each_type_as_its_share(counts: dict[str, int], expected: dict[str, int]) -> None:
    assert practising.sizes(counts) == expected


def test_every_type_and_row_is_there_and_nothing_twice() -> None:
    drawn = practising.draw(pool(), COUNTS, "seed")
    assert Counter(one.item.type for one in drawn) == practising.sizes(COUNTS)
    rows = Counter(one.item.row for one in drawn)
    assert max(rows.values()) - min(rows.values()) <= 1
    assert len({one.item.id for one in drawn}) == len(drawn)
    assert all(sorted(one.options) == sorted(one.item.options) for one in drawn)


def test_the_same_seed_draws_the_same_paper() -> None:
    assert practising.draw(pool(), COUNTS, "a") == practising.draw(pool(), COUNTS, "a")
    assert practising.draw(pool(), COUNTS, "a") != practising.draw(pool(), COUNTS, "b")


def test_items_met_before_come_last() -> None:
    first = {one.item.id for one in practising.draw(pool(), COUNTS, "a")}
    assert not first & {one.item.id for one in practising.draw(pool(), COUNTS, "b", first)}


def test_enemies_never_meet() -> None:
    apart = [item(1, "single", "一", frozenset({"single-2"})), item(2, "single", "一", frozenset({"single-1"}))]
    assert len(practising.draw(apart, COUNTS, "a")) == 1


def test_items_of_one_material_follow_each_other() -> None:
    shared = [item(n, "single", "一", stimulus="S") for n in (1, 2)] + [item(5, "multiple", "一", stimulus="S")]
    drawn = practising.draw([*shared, *(one for one in pool(3) if one.type != "multiple")], COUNTS, "a")
    places = [place for place, one in enumerate(drawn) if one.item.stimulus]
    assert places == list(range(places[0], places[0] + 3))


@pytest.mark.parametrize("marks, minutes", [(29, 35), (100, 120), (1, 2)])
def test_as_much_time_for_a_mark_as_in_the_exam(marks: int, minutes: int) -> None:
    assert practising.minutes(120, marks, 100) == minutes
