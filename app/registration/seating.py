"""Giving admitted applicants a place in a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import LONGEST_REASON, said
from app.models.registration import Application, ExamSession, Seat, SessionState
from app.registration import rooms
from app.registration.locks import locked
from app.registration.seat_checks import problems_with, refuse_full

MOST_EXTRA = 6 * 3600


def add_candidates(
    session: Session, actor: Actor, session_id: int, application_ids: Sequence[int], now: datetime
) -> list[Seat]:
    """Seats for all of them, or a refusal that lists every one that does not fit; who sits already keeps the seat."""
    row = locked(session, ExamSession, session_id)
    _refuse_begun(row)
    wanted = list(dict.fromkeys(application_ids))
    taken = {seat.application_id: seat for seat in row.seats}
    fresh = [number for number in wanted if number not in taken]
    found = _applications(session, fresh)
    problems = list(problems_with(session, row, fresh, found, now))
    if problems:
        raise Refusal(
            "candidates_unfit",
            N_("%(count)s of the candidates cannot be added; nobody was added. The details name each with its reason."),
            status=409,
            details={"problems": problems},
            count=len(problems),
        )
    refuse_full(session, row, len(fresh))
    last = max((seat.number for seat in row.seats), default=0)
    seats = [
        Seat(session_id=row.id, application_id=number, number=place, extra_seconds=0)
        for place, number in enumerate(fresh, start=last + 1)
    ]
    session.add_all(seats)
    session.flush()
    rooms.stretch(session, row.id)
    session.expire(row, ["seats"])
    if seats:
        audit.record(session, "session:candidates:added", actor, "session", row.id, applications=fresh)
    return [*(taken[number] for number in wanted if number in taken), *seats]


def remove_candidate(session: Session, actor: Actor, session_id: int, seat_id: int) -> None:
    row = locked(session, ExamSession, session_id)
    if row.state != SessionState.PLANNED:
        raise _begun()
    seat = seat_of(session, row.id, seat_id)
    audit.record(session, "session:candidate:removed", actor, "session", row.id, application=seat.application_id)
    session.delete(seat)
    session.flush()
    session.expire(row, ["seats"])


def grant_extra_time(session: Session, actor: Actor, session_id: int, seat_id: int, seconds: int, reason: str) -> Seat:
    """Extra time for a person, given before the session opens; afterwards a proctor extends the attempt."""
    row = locked(session, ExamSession, session_id)
    _refuse_begun(row)
    if not 0 <= seconds <= MOST_EXTRA:
        raise Refusal("extra_time_invalid", N_("Extra time is from 0 to %(most)s minutes."), most=MOST_EXTRA // 60)
    if not said(reason) or len(reason) > LONGEST_REASON:
        raise Refusal("reason_missing", N_("Give the reason, with at most %(most)s characters. It is kept in the log."),
                      most=LONGEST_REASON)  # fmt: skip
    seat = seat_of(session, row.id, seat_id)
    seat.extra_seconds = seconds
    audit.record(session, "session:extra_time:granted", actor, "session", row.id,
                 application=seat.application_id, seconds=seconds, reason=reason.strip())  # fmt: skip
    return seat


def seat_of(session: Session, session_id: int, seat_id: int) -> Seat:
    seat = session.get(Seat, seat_id)
    if seat is None or seat.session_id != session_id:
        raise NotFound
    return seat


def _applications(session: Session, numbers: Sequence[int]) -> dict[int, Application]:
    """Locked in the order of their numbers, so that two registrars never wait for each other in a circle."""
    query = select(Application).where(Application.id.in_(numbers)).order_by(Application.id)
    rows = session.scalars(query.with_for_update(of=Application).execution_options(populate_existing=True))
    return {application.id: application for application in rows}


def _refuse_begun(row: ExamSession) -> None:
    if row.state not in (SessionState.PLANNED, SessionState.PREPARED):
        raise _begun()


def _begun() -> Refusal:
    return Refusal(
        "session_begun",
        N_("The session is past this step: its places are fixed. Plan another session for more candidates."),
        status=409,
    )
