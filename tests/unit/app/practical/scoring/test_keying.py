"""Typing against strings worked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring import keying
from app.practical.scoring.distance import edits, edits_to_beginning
from app.practical.scoring.values import Done

TEXT = "客户来电咨询包裹进度，请尽快回复。" * 10  # 170 characters
BLOCK: dict[str, Any] = {
    "text": TEXT, "digits": "1234567890" * 10, "minutes": {"text": 2, "digits": 1},
    "targets": {"text": 40, "digits": 50},
}  # fmt: skip


def typed(text: str, digits: str = "", at: int = 60) -> list[Done]:
    return [
        Done("part", {"part": "text"}, Decimal(0)),
        Done("typed", {"part": "text", "text": text}, Decimal(at)),
        Done("part", {"part": "digits"}, Decimal(200)),
        Done("typed", {"part": "digits", "text": digits}, Decimal(230)),
    ]


@pytest.mark.parametrize(
    "written, wanted, expected",
    [
        ("", "abc", 0),
        ("abc", "abcdef", 0),  # not come to the end is no fault
        ("abd", "abcdef", 1),
        ("acdef", "abcdef", 1),  # one left out: the rest is not wrong by that
        ("abxcdef", "abcdef", 1),  # one too many
        ("bacdef", "abcdef", 2),
        ("xyz", "abc", 3),
    ],
)
def test_edits_to_the_beginning(written: str, wanted: str, expected: int) -> None:
    assert edits_to_beginning(written, wanted) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", "0"),
        (TEXT[:80], "0.5"),  # the target of 40 a minute in 2 minutes: all of the text's half of the points
        (TEXT[:40], "0.25"),
        (TEXT[:79] + "误", "0.493750"),  # 80 typed, 1 wrong: 79 of 80
        (TEXT, "0.5"),  # faster than the target is not more than all
        (TEXT[:20] + TEXT[21:41], "0.243750"),  # one left out in 41: 40 typed less 1 edit
    ],
)
def test_share_of_the_text(text: str, expected: str) -> None:
    assert keying.score(BLOCK, typed(text)).share == Decimal(expected)


def test_both_parts_are_needed_for_all() -> None:
    assert keying.score(BLOCK, typed(TEXT[:80], BLOCK["digits"][:50])).share == 1
    assert keying.score(BLOCK, []).share == 0


def test_the_last_writing_counts_and_late_ones_cost_speed() -> None:
    entries = [*typed(TEXT[:10]), Done("typed", {"part": "text", "text": TEXT[:80]}, Decimal(100))]
    assert keying.score(BLOCK, entries).share == Decimal("0.5")
    late = keying.score(BLOCK, typed(TEXT[:80], at=160)).share  # 80 in 2 2/3 minutes: 30 a minute of 40
    assert late == Decimal("0.375")
    assert keying.score(BLOCK, typed(TEXT[:80], at=129)).share == Decimal("0.5")  # within the grace


def test_width_and_blanks_are_no_faults() -> None:
    wide = typed(TEXT[:80].replace("，", ",") + "\n ", "１２３４５ 67890")
    assert keying.score(BLOCK, wide).share == Decimal("0.6")


def test_what_an_examiner_reads() -> None:
    facts = keying.score(BLOCK, [*typed(TEXT[:79] + "误"), Done("paste", {"part": "text"}, Decimal(9))]).facts
    assert facts["pastes"] == 1
    text = facts["parts"][0]
    assert (text["characters"], text["wrong"], text["per_minute"], text["accuracy"]) == (80, 1, "40.0", "98.7")
    assert text["largest_leap"] == 80


words = st.text("甲乙丙丁戊", max_size=30)


@given(words, words)
def test_distance_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert edits_to_beginning(one, other) <= min(edits(one, other), len(one))


@given(st.text("客户来电咨询xy", max_size=60), st.integers(0, 60))
def test_one_more_right_character_never_costs(text: str, cut: int) -> None:
    """Going on rightly after any beginning of the text, and mending a character, never lower the share."""
    before, after = (keying.score(BLOCK, typed(TEXT[:length])).share for length in (cut, cut + 1))
    assert before is not None
    assert after is not None
    assert 0 <= before <= after <= 1
    wrong = TEXT[:cut] + text
    share = keying.score(BLOCK, typed(wrong)).share
    assert share is not None
    assert share <= (keying.score(BLOCK, typed(TEXT[: len(wrong)])).share or 0)
    assert share == keying.score(BLOCK, typed(wrong)).share
