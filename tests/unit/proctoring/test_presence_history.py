"""Every stay of a proctor is written down by the database itself, by whatever way the roster changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.models.attendance import PresenceInterval
from app.models.registration import Room, StaffAssignment
from app.registration import rooms, roster
from proctoring.duty import Watcher
from proctoring.place import place_of, stays
from tests.factories import theory

REGISTRAR = Actor(None, "registrar", "test")


def intervals(session: Session, session_id: int) -> list[tuple[datetime, datetime | None]]:
    query = select(PresenceInterval).where(PresenceInterval.session_id == session_id).order_by(PresenceInterval.id)
    session.expire_all()
    return [(one.began_at, one.ended_at) for one in session.scalars(query)]


def test_coming_going_and_coming_back_are_two_stays(session: Session) -> None:
    exam = theory.theory_session(session)
    proctor, came = exam.staff[0], exam.opens_at
    minute: Callable[[int], datetime] = lambda n: came + timedelta(minutes=n)  # noqa: E731
    assert intervals(session, exam.id) == [(came, None)]
    roster.mark_left(session, REGISTRAR, exam.id, proctor.user_id, minute(5))
    roster.mark_left(session, REGISTRAR, exam.id, proctor.user_id, minute(6))
    roster.mark_present(session, REGISTRAR, exam.id, proctor.user_id, minute(7))
    session.flush()
    assert intervals(session, exam.id) == [(came, minute(5)), (minute(7), None)]


def test_moving_to_another_room_ends_one_stay_and_begins_another(session: Session) -> None:
    exam = theory.theory_session(session, candidates=4, proctors=2)
    first, second = rooms.divide(session, REGISTRAR, exam.id, size=2)
    person = exam.staff[0]
    for room in (first, second):
        rooms.assign_room(session, REGISTRAR, exam.id, person.user_id, room.id)
    session.flush()
    registrar = Watcher(REGISTRAR, registrar=True)

    def there(room: Room) -> list[tuple[int, bool]]:
        return [
            (one.person, one.ended is None) for one in stays(session, place_of(session, registrar, exam.id, room.id))
        ]

    whole = (exam.staff[1].user_id, True)
    assert sorted(there(first)) == sorted([(person.user_id, False), (person.user_id, False), whole])
    assert sorted(there(second)) == sorted([(person.user_id, False), (person.user_id, True), whole])


def test_even_a_bare_statement_leaves_its_trace(session: Session) -> None:
    exam = theory.theory_session(session)
    session.execute(text("UPDATE staff_assignment SET left_at = now() WHERE session_id = :s"), {"s": exam.id})
    assert [ended is None for _, ended in intervals(session, exam.id)] == [False]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.booleans(), max_size=8))
def test_stays_never_overlap_and_end_where_the_roster_says(session: Session, moves: list[bool]) -> None:
    exam = theory.theory_session(session)
    person, moment = exam.staff[0], exam.opens_at
    for here in moves:
        moment += timedelta(minutes=1)
        (roster.mark_present if here else roster.mark_left)(session, REGISTRAR, exam.id, person.user_id, moment)
    session.flush()
    found = intervals(session, exam.id)
    present = session.get_one(StaffAssignment, person.id, populate_existing=True).present
    assert [ended for _, ended in found[:-1] if ended is None] == []
    assert (found[-1][1] is None) == present
    assert all(earlier[1] and earlier[1] <= later[0] for earlier, later in pairwise(found))
