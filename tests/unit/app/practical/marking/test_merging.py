"""The merge rule: any order, any copies, the same sheet."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.marking.merging import Entry, digest_of, marks_of, plain

ENTRIES = st.lists(
    st.builds(
        Entry,
        device=st.integers(1, 3).map(lambda number: UUID(int=number)),
        seq=st.integers(1, 40),
        stamp=st.integers(1, 6),
        kind=st.sampled_from(["points", "note", "begin"]),
        key=st.sampled_from(["J01", "J02"]),
        points=st.none() | st.integers(0, 12).map(lambda halves: Decimal(halves) / 2),
        note=st.sampled_from([None, "", "稍快", "a"]),
    ),
    unique_by=lambda entry: (entry.device, entry.seq),
)


@given(ENTRIES, st.randoms(use_true_random=False), st.data())
def test_order_and_copies_change_nothing(entries: list[Entry], chance: Random, data: st.DataObject) -> None:
    copies = data.draw(st.lists(st.sampled_from(entries))) if entries else []
    shuffled = entries + copies
    chance.shuffle(shuffled)
    assert marks_of(shuffled) == marks_of(entries)


@given(ENTRIES)
def test_merging_in_parts_is_merging_at_once(entries: list[Entry]) -> None:
    from app.practical.marking.merging import winners

    half = len(entries) // 2
    parts = [*winners(entries[:half]).values(), *winners(entries[half:]).values()]
    assert winners(parts) == winners(entries)


def test_who_knew_of_the_other_goes_before_it() -> None:
    one = Entry(UUID(int=9), 1, 1, "points", "J01", Decimal(4))
    other = Entry(UUID(int=1), 1, 2, "points", "J01", Decimal(5))
    assert marks_of([other, one]) == {"J01": (Decimal(5), "")}


def test_points_and_note_do_not_displace_each_other() -> None:
    points = Entry(UUID(int=1), 1, 1, "points", "J01", Decimal(4))
    note = Entry(UUID(int=2), 1, 7, "note", "J01", note="稍快")
    assert marks_of([note, points]) == {"J01": (Decimal(4), "稍快")}


def test_the_digest_names_what_is_shown() -> None:
    """The tablet's script computes the same: tests/journeys/test_tablet.py."""
    marks = {"J02": (Decimal("6.0"), "“稳”\n好"), "J01": (Decimal("5.500"), ""), "J03": (None, "")}
    shown = '[7,[["J01","5.5",""],["J02","6","“稳”\\n好"]]]'
    from hashlib import sha256

    assert digest_of(7, marks) == sha256(shown.encode()).hexdigest()
    assert digest_of(7, marks) != digest_of(8, marks)


@pytest.mark.parametrize(("points", "text"), [("5.500", "5.5"), ("6", "6"), ("0.000", "0"), ("10", "10")])
def test_figures_are_plain(points: str, text: str) -> None:
    assert plain(Decimal(points)) == text
