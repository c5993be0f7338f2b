"""Too few proctors: every such moment is told, and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.ratio import Breach, Stay, breaches, within

BEGIN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def stay(person: int, began: int, ended: int | None) -> Stay:
    return Stay(person, f"p{person}", at(began), None if ended is None else at(ended))


@pytest.mark.parametrize(
    "stays, need, expected",
    [
        ([stay(1, -10, None)], 1, []),
        ([stay(1, -10, 90)], 1, [(90, 120, 0)]),
        ([], 1, [(0, 120, 0)]),
        ([stay(1, -10, 60), stay(2, 50, None)], 1, []),
        ([stay(1, -10, 60), stay(2, 50, None)], 2, [(0, 50, 1), (60, 120, 1)]),
        ([stay(1, 10, 20), stay(1, 20, 30)], 1, [(0, 10, 0), (30, 120, 0)]),  # moved to another room and back
        ([stay(1, -10, 200), stay(1, 5, 15)], 2, [(0, 120, 1)]),  # one person twice is one person
        ([stay(1, 130, None)], 1, [(0, 120, 0)]),
    ],
)
def test_breaches(stays: list[Stay], need: int, expected: list[tuple[int, int, int]]) -> None:
    found = breaches(stays, need, BEGIN, at(120))
    assert found == [Breach(at(began), at(ended), have) for began, ended, have in expected]


def test_a_stay_is_told_within_the_room_s_time() -> None:
    told = within([stay(1, -10, None), stay(2, 30, 200), stay(3, 125, None), stay(4, -9, -1)], BEGIN, at(120))
    assert [(one.person, one.began, one.ended) for one in told] == [(1, BEGIN, None), (2, at(30), None)]


STAYS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(-20, 140), st.one_of(st.none(), st.integers(0, 160))), max_size=8
).map(lambda drawn: [stay(p, a, None if n is None else a + n) for p, a, n in drawn])


@given(STAYS, st.integers(1, 3), st.integers(0, 119))
def test_a_moment_lies_in_a_breach_exactly_when_too_few_are_there(stays: list[Stay], need: int, minute: int) -> None:
    moment = at(minute) + timedelta(seconds=30)
    there = {one.person for one in stays if one.began <= moment and (one.ended is None or moment < one.ended)}
    inside = [one for one in breaches(stays, need, BEGIN, at(120)) if one.began <= moment < one.ended]
    assert [one.have for one in inside] == ([len(there)] if len(there) < need else [])


@given(STAYS, st.integers(1, 3))
def test_breaches_are_in_order_apart_and_within(stays: list[Stay], need: int) -> None:
    found = breaches(stays, need, BEGIN, at(120))
    assert all(BEGIN <= one.began < one.ended <= at(120) for one in found)
    for earlier, later in pairwise(found):
        assert earlier.ended < later.began or (earlier.ended == later.began and earlier.have != later.have)
