"""Running a theory session: papers drawn before the doors open, the gate, and the end for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing, marking_job
from app.delivery.closing import Ending
from app.delivery.seals import reveal_if_sealed
from app.delivery.seat_papers import draw_for_seats
from app.models.bank import Snapshot
from app.models.exam import Attempt, AttemptState
from app.models.registration import (
    Application,
    Candidate,
    ExamSession,
    Part,
    Seat,
    SessionState,
)
from app.registration.roster import gate_of
from question_bank.pool import take_snapshot

OPENABLE = (SessionState.PLANNED, SessionState.PREPARED)


def prepare_session(session: Session, actor: Actor, session_id: int, now: datetime) -> list[Attempt]:
    """Draws a paper for every seat that has none and answers with the new attempts. Again for new seats."""
    exam = _theory(session, session_id)
    if exam.state not in (*OPENABLE, SessionState.OPEN) or now >= exam.closes_at:
        raise _wrong_state(exam, N_("The session is over, so no papers can be drawn for it. Plan a new session."))
    seats = _seats_without_paper(session, exam.id)
    if not seats and not _seat_count(session, exam.id):
        message = N_("The session has no candidates. Add candidates, then prepare it.")
        raise Refusal("session_empty", message, status=409)
    if exam.snapshot_id is None:
        exam.snapshot_id = take_snapshot(session, exam.scheme, exam.level).id
    attempts = draw_for_seats(session, actor, exam, session.get_one(Snapshot, exam.snapshot_id), seats, now)
    if exam.state == SessionState.PLANNED:
        exam.state = SessionState.PREPARED
    session.flush()
    if attempts:
        drawn = {"papers": len(attempts), "snapshot": exam.snapshot_id}
        audit.record(session, "session:prepared", actor, "session", exam.id, **drawn)
    return attempts


def open_session(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    """Lets candidates start, if enough proctors are present and every seat has its paper."""
    exam = _theory(session, session_id)
    if exam.state != SessionState.PREPARED:
        raise _wrong_state(exam, N_("Only a prepared session can be opened. Prepare it first, if it is still planned."))
    if now >= exam.closes_at:
        raise _wrong_state(exam, N_("The window of this session is over. Plan a new session."))
    if missing := len(_seats_without_paper(session, exam.id)):
        message = N_("%(count)s candidates have no paper yet. Prepare the session again, then open it.")
        raise Refusal("seats_unprepared", message, status=409, details={"seats": missing}, count=missing)
    gate = gate_of(session, exam)
    gate.check()
    exam.state, exam.opened_at = SessionState.OPEN, now
    audit.record(session, "session:opened", actor, "session", exam.id, **gate.as_dict())
    session.flush()
    return exam


def close_session(session: Session, actor: Actor, session_id: int, now: datetime, reason: str = "") -> ExamSession:
    """Ends the session, at once for everybody: who still sits is closed as of now, or at the deadline if that passed.

    Few are marked at once as well; of many a job does it, and until then the results cannot be released.
    """
    exam = _theory(session, session_id)
    if exam.state != SessionState.OPEN:
        raise _wrong_state(exam, N_("Only an open session can be closed."))
    exam.state, exam.closed_at = SessionState.CLOSED, now
    session.flush()
    absent, endings = _still(session, exam.id, now)
    closing.void_absent(session, actor, absent, now)
    closing.end(session, actor, endings, reason=reason)
    session.expire_all()
    marking_job.begin(session, actor, exam.id, now)
    ended = Counter(one.how for one in endings) | Counter({closing.ABSENT: len(absent)})
    audit.record(session, "session:closed", actor, "session", exam.id, reason=reason, **ended)
    reveal_if_sealed(session, actor, exam, now)
    session.flush()
    return exam


def _still(session: Session, session_id: int, now: datetime) -> tuple[list[int], list[Ending]]:
    """Who never began, and how the others end; all of them locked, so that nothing is accepted any more."""
    still = (AttemptState.PREPARED, *closing.RUNNING)
    query = select(Attempt.id, Attempt.state, Attempt.deadline).where(Attempt.session_id == session_id)
    rows = session.execute(query.where(Attempt.state.in_(still)).order_by(Attempt.id).with_for_update()).all()
    endings = [
        Ending(row.id, closing.BY_DEADLINE, row.deadline)
        if row.state == AttemptState.IN_PROGRESS and row.deadline and row.deadline < now
        else Ending(row.id, closing.BY_SESSION, now)
        for row in rows
        if row.state != AttemptState.PREPARED
    ]
    return [row.id for row in rows if row.state == AttemptState.PREPARED], endings


def _theory(session: Session, session_id: int) -> ExamSession:
    query = select(ExamSession).where(ExamSession.id == session_id).options(lazyload("*"))
    # key_share: a take-over that holds its attempt may still leave its incident, which points at this row
    exam = session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))
    if exam is None:
        raise NotFound()
    if exam.part != Part.THEORY:
        message = N_("This is a practical session; it has sheets and examiners, not papers.")
        raise Refusal("session_not_theory", message, status=409)
    return exam


def _wrong_state(exam: ExamSession, message: str) -> Refusal:
    return Refusal("session_state", message, status=409, details={"state": exam.state})


def _seat_count(session: Session, session_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Seat).where(Seat.session_id == session_id)) or 0


def _seats_without_paper(session: Session, session_id: int) -> Sequence[tuple[int, int, int]]:
    """Seat, its number, and its candidate's account."""
    has_paper = select(Attempt.id).where(Attempt.seat_id == Seat.id, Attempt.state != AttemptState.VOIDED).exists()
    query = (
        select(Seat.id, Seat.number, Candidate.user_id)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Seat.session_id == session_id, ~has_paper)
        .order_by(Seat.number)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
