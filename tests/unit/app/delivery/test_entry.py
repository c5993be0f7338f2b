"""Who may begin: session, room, late entry and gate code as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.entry import Doors, obstacle, plain

OPENS = datetime(2026, 12, 5, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAIN = Doors(True, "open", OPENS, OPENS, OPENS + 180 * MINUTE, 30 * MINUTE)
ROOM = replace(PLAIN, in_room=True, room_opened_at=OPENS + 20 * MINUTE)
GATED = replace(ROOM, gate_code="123456")
AT = OPENS + 25 * MINUTE


@pytest.mark.parametrize(
    "doors, typed, at, code",
    [
        (PLAIN, "", AT, None),
        (replace(PLAIN, session_open=False), "", AT, "session_not_open"),
        (PLAIN, "", OPENS + 180 * MINUTE, "session_not_open"),
        (PLAIN, "", OPENS + 30 * MINUTE, None),
        (PLAIN, "", OPENS + 31 * MINUTE, "late_entry_closed"),
        (replace(ROOM, room_opened_at=None), "", AT, "room_not_open"),
        (ROOM, "", OPENS + 50 * MINUTE, None),  # late entry counts from the room's own opening
        (ROOM, "", OPENS + 51 * MINUTE, "late_entry_closed"),
        (GATED, "", AT, "gate_code_missing"),
        (GATED, "123457", AT, "gate_code_wrong"),
        (GATED, " 123 456 ", AT, None),
        (GATED, "１２３４５６", AT, None),
        (replace(GATED, let_in=True), "", AT, None),
        (replace(GATED, let_in=True), "wrong", AT, None),
        (replace(PLAIN, turned_away=True), "", AT, "turned_away"),
        (replace(GATED, turned_away=True), "123456", AT, "turned_away"),
        (replace(GATED, room_opened_at=None), "123456", AT, "room_not_open"),
        (replace(GATED, session_open=False), "123456", AT, "session_not_open"),
    ],
)
def test_what_stands_between_a_candidate_and_the_paper(
    doors: Doors, typed: str, at: datetime, code: str | None
) -> None:
    refused = obstacle(doors, typed, at)
    assert (refused.code if refused else None) == code


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.text(max_size=50))
def test_only_the_code_itself_opens_a_gate(code: str, typed: str) -> None:
    refused = obstacle(replace(GATED, gate_code=code), typed, AT)
    assert (refused is None) == (plain(typed) == code)


@given(st.integers(-60, 60), st.integers(0, 90))
def test_a_room_that_opens_later_shortens_nobodys_late_entry(session_minute: int, after: int) -> None:
    opened = OPENS + session_minute * MINUTE
    session = replace(PLAIN, opened_at=opened)
    room = replace(session, in_room=True, room_opened_at=opened + after * MINUTE)
    assert room.late_entry_until >= session.late_entry_until
