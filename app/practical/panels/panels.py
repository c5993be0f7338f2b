"""The panel of a practical session: who marks whom, and its opening and closing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Seat, SessionState
from app.models.stations import SeatAbsence
from app.practical.marking.standing import Standing, session_standings
from app.practical.panels.allocation import Pair
from app.practical.panels.making import make_sheets
from app.practical.sittings import examiners_of, locked_sitting, practical_part, refuse_if_over
from app.practical.tasks.drawing import draw_tasks
from app.registration.roster import gate_of
from app.registration.sites import refuse_lacking


def allocate_session(session: Session, actor: Actor, session_id: int, now: datetime) -> dict[int, Pair]:
    """First and second examiner for every seat; what holds already stays, and sheets with marks stay in any case.

    Those present are taken if they suffice, otherwise everybody rostered who has not left.
    """
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    draw_tasks(session, actor, sitting, now)
    present = examiners_of(session, sitting, present_only=True)
    if gate_of(session, sitting).passed:
        with suppress(Refusal):  # with those who are still to come it may yet be possible
            return make_sheets(session, actor, sitting, present, now=_running(sitting, now))
    return make_sheets(session, actor, sitting, examiners_of(session, sitting), now=_running(sitting, now))


def open_practical(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    """Opens if the site has what the scheme demands, enough examiners are present, and they can take every seat."""
    sitting = locked_sitting(session, session_id)
    if sitting.state == SessionState.OPEN:
        return sitting
    refuse_if_over(sitting)
    refuse_lacking(sitting.site, practical_part(sitting).site_must_have)
    gate_of(session, sitting).check()
    draw_tasks(session, actor, sitting, now)
    make_sheets(session, actor, sitting, examiners_of(session, sitting, present_only=True), renew=False)
    sitting.state, sitting.opened_at = SessionState.OPEN, now
    audit.record(session, "session:opened", actor, "session", sitting.id, part=sitting.part)
    return sitting


def _running(sitting: ExamSession, now: datetime) -> datetime | None:
    """Only once the doors are open is any minute of the day over."""
    return now if sitting.state == SessionState.OPEN else None


def close_practical(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    """Closes once everybody who was examined has a score; who never came needs none."""
    sitting = locked_sitting(session, session_id)
    if sitting.state in (SessionState.CLOSED, SessionState.RELEASED):
        return sitting
    if sitting.state != SessionState.OPEN:
        message = N_("This session was never opened, so there is nothing to close.")
        raise Refusal("session_not_open", message, status=409)
    unfinished = [one for one in session_standings(session, session_id) if one.examined and one.outcome.score is None]
    if unfinished:
        raise _unfinished(unfinished)
    sitting.state, sitting.closed_at = SessionState.CLOSED, now
    audit.record(session, "session:closed", actor, "session", sitting.id, part=sitting.part)
    return sitting


def unaccounted(session: Session, session_id: int) -> list[int]:
    """Seats of whom nothing is known: not begun, as far as any tablet said, and not found absent."""
    wanted = select(Seat.number).where(Seat.session_id == session_id, Seat.practical_started_at.is_(None))
    return list(session.scalars(wanted.where(Seat.id.not_in(select(SeatAbsence.seat_id))).order_by(Seat.number)))


def _unfinished(standings: Sequence[Standing]) -> Refusal:
    message = N_(
        "%(count)s candidates were examined and have no score yet, among them seat %(seat)s."
        " Have every sheet signed, and a third one where it is called for; then close the session."
    )
    problems = [
        {
            "seat": one.seat.number, "reason": one.outcome.reason,
            **({"groups": [group.name for group in one.waits_for]} if one.waits_for else {}),
        }
        for one in standings
    ]  # fmt: skip
    return Refusal(
        "practical_unfinished", message, status=409, details={"problems": problems},
        count=len(standings), seat=standings[0].seat.number,
    )  # fmt: skip
