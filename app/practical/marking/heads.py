"""Who heads the panel of a practical session, if anybody was named."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.registration import ExamSession, Part, SessionState, StaffAssignment, StaffRole


def head_of(session: Session, session_id: int) -> int | None:
    """The user who heads this panel; None where nobody was named."""
    wanted = select(StaffAssignment.user_id).where(
        StaffAssignment.session_id == session_id,
        StaffAssignment.role == StaffRole.EXAMINER,
        StaffAssignment.head,
    )
    return session.scalar(wanted)


def headed_by(session: Session, user_id: int) -> list[ExamSession]:
    """Practical sessions not yet released whose panel this user heads, the next first."""
    wanted = select(ExamSession).join(StaffAssignment, StaffAssignment.session_id == ExamSession.id)
    found = wanted.where(
        ExamSession.part == Part.PRACTICAL,
        ExamSession.state != SessionState.RELEASED,
        StaffAssignment.user_id == user_id,
        StaffAssignment.role == StaffRole.EXAMINER,
        StaffAssignment.head,
    )
    return list(session.scalars(found.order_by(ExamSession.opens_at)))
