"""Two typings side by side: whose is which makes no difference, and no difference is ever settled by the comparison."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.practical.typed.compare import SIGNED, Line, Typing, differences

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
KEYS = ["J01", "J02", "J03", "D01"]
LINES = st.builds(
    Line, st.none() | st.sampled_from([Decimal("0"), Decimal("0.5"), Decimal("5.50"), Decimal("6")]),
    st.sampled_from(["", "好", "语气 生硬", "语气　生硬 ", "A1", "Ａ１"]),
)  # fmt: skip
TYPINGS = st.builds(
    Typing, st.dictionaries(st.sampled_from(KEYS), LINES), st.sampled_from([AT, AT + timedelta(minutes=1)])
)  # fmt: skip


@given(TYPINGS, TYPINGS)
def test_either_may_come_first(one: Typing, other: Typing) -> None:
    assert differences(KEYS, one, other) == differences(KEYS, other, one)


@given(TYPINGS)
def test_nobody_differs_from_themselves(one: Typing) -> None:
    assert differences(KEYS, one, one) == []


@given(TYPINGS, TYPINGS)
def test_without_a_difference_both_say_the_same_of_every_line(one: Typing, other: Typing) -> None:
    found = differences(KEYS, one, other)
    for key in KEYS:
        assert (key in found) == (not one.line(key).same(other.line(key)))
    assert (SIGNED in found) == (one.signed_at != other.signed_at)
    assert found == sorted(found, key=[*KEYS, SIGNED].index)


@given(TYPINGS, TYPINGS)
def test_only_typing_the_others_lines_makes_them_equal(one: Typing, other: Typing) -> None:
    found = differences(KEYS, one, other)
    for key in found:
        rest = [each for each in found if each != key]
        lines = {**one.lines, **{each: other.line(each) for each in rest if each != SIGNED}}
        mended = Typing(lines, other.signed_at if SIGNED in rest else one.signed_at)
        assert differences(KEYS, mended, other) == [key]
