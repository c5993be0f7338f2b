"""Who watches a session: the registrars of the body, and the proctors assigned to it, who act only while present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import ExamSession, Part, SessionState, StaffAssignment, StaffRole


@dataclass(frozen=True)
class Watcher:
    """Someone at the board: a proctor, or a registrar, who sees every session but leaves attempts to the proctors."""

    actor: Actor
    registrar: bool = False


def watched_session(session: Session, watcher: Watcher, session_id: int) -> ExamSession:
    """The theory session, if it is any of the watcher's business."""
    row = session.get(ExamSession, session_id)
    if row is None or row.part != Part.THEORY:
        raise NotFound()
    if not watcher.registrar:
        assignment_of(session, watcher.actor, session_id)
    return row


def reported_session(session: Session, watcher: Watcher, session_id: int) -> ExamSession:
    """The session of either part, if what happens there is any of the watcher's business."""
    row = session.get(ExamSession, session_id)
    if row is None:
        raise NotFound()
    if not watcher.registrar:
        assignment_of(session, watcher.actor, session_id)
    return row


def assignment_of(session: Session, actor: Actor, session_id: int, *, hold: bool = False) -> StaffAssignment:
    """The place on the roster of a proctor, or of an examiner in a practical.

    With `hold` nobody marks them as gone before the transaction ends.
    """
    sitting = session.get(ExamSession, session_id)
    practical = sitting is not None and sitting.part == Part.PRACTICAL
    query = select(StaffAssignment).where(
        StaffAssignment.session_id == session_id,
        StaffAssignment.user_id == actor.user_id,
        StaffAssignment.role == (StaffRole.EXAMINER if practical else StaffRole.PROCTOR),
    )
    if hold:
        query = query.with_for_update(read=True, of=StaffAssignment).execution_options(populate_existing=True)
    assignment = session.scalar(query)
    if assignment is None:
        raise NotFound()
    return assignment


def require_duty(session: Session, actor: Actor, session_id: int) -> None:
    """Only staff who are assigned and present act, and only until the results are out.

    Held before the roster, as everybody locks them, the session is neither closed nor released while they act.
    """
    held = select(ExamSession.state).where(ExamSession.id == session_id).with_for_update(read=True)
    state = session.scalar(held)
    assignment = assignment_of(session, actor, session_id, hold=True)
    if state == SessionState.RELEASED:
        raise Refusal(
            "session_released",
            N_("The results of this session are released. What is found now goes to the registrar."),
            status=409,
        )
    if not assignment.present:
        raise Refusal(
            "not_on_duty", N_("You are not checked in to this session. Check in first, then try again."), status=409
        )


def assignments(session: Session, user_id: int) -> Sequence[StaffAssignment]:
    """A proctor's sessions, those still to be watched first."""
    query = (
        select(StaffAssignment)
        .join(ExamSession)
        .where(StaffAssignment.user_id == user_id, StaffAssignment.role == StaffRole.PROCTOR)
        .order_by(
            ExamSession.state.in_((SessionState.CLOSED, SessionState.RELEASED)),
            ExamSession.state != SessionState.OPEN,
            ExamSession.opens_at.desc(),
            ExamSession.id.desc(),
        )
    )
    return session.scalars(query.limit(200)).all()
