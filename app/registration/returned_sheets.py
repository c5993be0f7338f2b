"""Unsigned sheets of open answers that go back: their places are free for other examiners."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.practical import SheetState


def given_back(session: Session, actor: Actor, sheet: OpenSheet) -> None:
    """The sheet goes; its points stay in the audit log."""
    data = {"answer": sheet.answer_id, "order": sheet.order, "points": sheet.points}
    audit.record(session, "open_sheet:given_back", actor, "open_sheet", sheet.id, **data)
    session.delete(sheet)
    session.flush()


def take_back(session: Session, actor: Actor, session_id: int, examiner_id: int) -> None:
    """All that an examiner has begun in a session and, once their row is held, still not signed."""
    wanted = (
        select(OpenSheet)
        .join(OpenAnswer)
        .where(
            OpenAnswer.session_id == session_id,
            OpenSheet.examiner_id == examiner_id,
            OpenSheet.state == SheetState.OPEN,
        )
        .with_for_update(of=OpenSheet)
        .execution_options(populate_existing=True)
    )
    for sheet in session.scalars(wanted).all():
        given_back(session, actor, sheet)
