"""One line for what was done to many at once, and nothing lost by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from proctoring.record_lines import together, told

NOON = datetime(2026, 12, 5, 4, tzinfo=UTC)


def act(seat: int, milliseconds: int = 0, what: str = "attempt:paused", reason: str = "fire") -> dict[str, Any]:
    at = NOON + timedelta(milliseconds=milliseconds)
    return {"at": at.isoformat(), "seat": seat, "what": what, "seconds": 0, "reason": reason, "by": "王监考"}


def test_a_room_paused_at_once_is_one_line() -> None:
    lines = together([act(seat, seat) for seat in (1, 2, 3, 7)])
    assert [(one["at"], told(one["seats"])) for one in lines] == [(act(1, 1)["at"], "1-3、7")]


def test_other_reasons_times_and_a_second_time_stand_alone() -> None:
    acts = [act(1), act(2, reason="smoke"), act(1, 500), act(2, 3000), act(3, 3001, what="attempt:resumed")]
    assert [told(one["seats"], ", ") for one in together(acts)] == ["1", "2", "1", "2", "3"]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9000), st.sampled_from(["fire", "smoke"]))))
def test_every_act_stands_in_exactly_one_line(drawn: list[tuple[int, int, str]]) -> None:
    acts = sorted((act(seat, at, reason=why) for seat, at, why in drawn), key=lambda one: one["at"])
    shown = [(seat, one["reason"]) for one in together(acts) for seat in one["seat"]]
    assert sorted(shown) == sorted((one["seat"], one["reason"]) for one in acts)
