"""Signals are kept once, bounded, and shown with those first whom to look at first."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.models.exam import Attempt, AttemptState
from app.models.integrity import IntegritySignal
from app.models.monitoring import Incident
from proctoring import signal_log
from proctoring.signal_log import Noticed
from proctoring.signals import Kind, Tally
from tests.factories import integrity, rooms


def noticed(kind: Kind = Kind.FOCUS, key: UUID | None = None, **particulars: int) -> Noticed:
    return Noticed(key or uuid4(), kind, clock_now(), **particulars)


def keep(session: Session, attempt_id: int, *some: Noticed) -> int:
    return signal_log.keep(session, session.get_one(Attempt, attempt_id).user_id, attempt_id, some)


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IntegritySignal)) or 0


def test_the_same_signal_twice_is_one(session: Session) -> None:
    room = rooms.room(session)
    one = noticed(Kind.PASTE, length=12)
    for _ in range(3):
        assert keep(session, room.attempt_ids[0], one) == 1
    assert keep(session, room.attempt_ids[1], one) == 1
    assert kept(session) == 2


def test_what_the_session_does_not_record_is_dropped(session: Session) -> None:
    room = rooms.room(session)
    integrity.agreed(session, room.session_id, signals=("paste",))
    assert keep(session, room.attempt_ids[0], noticed(), noticed(Kind.PASTE), noticed(Kind.FULL_SCREEN)) == 1


@pytest.mark.parametrize("kind", [Kind.ADDRESS, Kind.TAKEOVER, Kind.LOCKDOWN, Kind.OVERFLOW])
def test_a_page_cannot_say_what_only_the_server_notices(session: Session, kind: Kind) -> None:
    room = rooms.room(session)
    assert keep(session, room.attempt_ids[0], noticed(kind)) == 0


def test_a_flood_is_cut_and_said_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_log, "MOST_OF_ONE", 3)
    room = rooms.room(session)
    assert keep(session, room.attempt_ids[0], *(noticed() for _ in range(5))) == 3
    assert keep(session, room.attempt_ids[0], noticed()) == 0
    tallies = signal_log.tallies(session, room.session_id)[room.attempt_ids[0]]
    assert tallies[Kind.FOCUS].count == 3
    assert tallies[Kind.OVERFLOW].count == 1


def test_nobody_reports_for_others_nor_before_the_start_nor_after_the_release(session: Session) -> None:
    room = rooms.room(session, started=1)
    with pytest.raises(NotFound):
        signal_log.keep(session, room.proctor.id, room.attempt_ids[0], [noticed()])
    with pytest.raises(Refusal) as refused:
        keep(session, room.attempt_ids[1], noticed())
    assert refused.value.code == "attempt_not_started"
    session.get_one(Attempt, room.attempt_ids[0]).state = AttemptState.RELEASED
    session.flush()
    with pytest.raises(Refusal) as refused:
        keep(session, room.attempt_ids[0], noticed())
    assert refused.value.code == "signals_closed"


def test_what_waited_for_the_network_is_taken_after_the_end(session: Session) -> None:
    room = rooms.room(session)
    session.get_one(Attempt, room.attempt_ids[0]).state = AttemptState.MARKED
    session.flush()
    assert keep(session, room.attempt_ids[0], noticed()) == 1


def test_the_server_repeats_itself_only_after_a_while(session: Session) -> None:
    room = rooms.room(session)
    for _ in range(3):
        signal_log.notice(session, room.attempt_ids[0], Kind.LOCKDOWN)
    signal_log.notice(session, room.attempt_ids[0], Kind.LOCKDOWN, quiet=timedelta())
    assert kept(session) == 2


def test_those_first_whom_to_look_at_first(session: Session) -> None:
    room = rooms.room(session, candidates=3)
    keep(session, room.attempt_ids[1], noticed(), noticed())
    keep(session, room.attempt_ids[2], noticed(Kind.PRINT))
    found = signal_log.standings(session, room.session_id)
    assert [one.attempt_id for one in found] == [room.attempt_ids[place] for place in (2, 1, 0)]
    assert [one.asking for one in found] == [[Kind.PRINT], [], []]


def test_the_time_line_tells_everything_in_order(session: Session) -> None:
    room = rooms.room(session)
    attempt = session.get_one(Attempt, room.attempt_ids[0])
    where = {"session_id": room.session_id, "seat_id": attempt.seat_id}
    session.add(Incident(**where, category="takeover", description="10.0.0.9", blocking=False))
    early = Noticed(uuid4(), Kind.FOCUS, clock_now() - timedelta(hours=1), 40)
    keep(session, attempt.id, noticed(Kind.PASTE, length=3), early)
    line = signal_log.time_line(session, attempt.id)
    assert (line[0].kind, {one.kind for one in line[1:]}) == (Kind.FOCUS, {Kind.TAKEOVER, Kind.PASTE})
    assert line[0].much_later
    counted = signal_log.tallied(line)
    assert counted == {Kind.FOCUS: Tally(1, 40), Kind.PASTE: Tally(1, 0, 3), Kind.TAKEOVER: Tally(1)}
    assert signal_log.tallies(session, room.session_id)[attempt.id] == counted


def test_signals_are_neither_changed_nor_removed(session: Session) -> None:
    room = rooms.room(session)
    keep(session, room.attempt_ids[0], noticed())
    with pytest.raises(IntegrityError, match="never changed"):
        session.execute(text("DELETE FROM integrity_signal"))
