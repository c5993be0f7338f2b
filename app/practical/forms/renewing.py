"""A session allocated before a new sheet came into force: marked on the new one, as long as nobody has begun."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet, SheetState
from app.models.registration import ExamSession, Seat, SessionState
from app.models.sheet_forms import SheetForm
from app.practical.forms.forms import form_in_force, rubric_in_force
from app.practical.marking.discarding import discard
from app.practical.marking.raters import add_self_sheets
from app.practical.marking.rubric import EXAMINERS
from app.practical.sittings import locked_sitting, refuse_if_over


def newer_form(session: Session, sitting: ExamSession) -> SheetForm | None:
    """The form in force, if this session's sheets were made from another one and nobody has begun on them."""
    if sitting.state in (SessionState.CLOSED, SessionState.RELEASED):
        return None
    made = session.scalars(select(RubricSheet.form_id).join(Seat).where(Seat.session_id == sitting.id).limit(1)).all()
    form = form_in_force(session, sitting.scheme, sitting.level)
    return form if form and made and made[0] != form.id and not _begun(session, sitting.id) else None


def use_new_form(session: Session, actor: Actor, session_id: int) -> int:
    """Every sheet of the session is made anew from the form in force; how many there are."""
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    if _begun(session, session_id):
        message = N_("Somebody has begun already, so all candidates of this session are marked on the sheet it has.")
        raise Refusal("practical_begun", message, status=409)
    form = newer_form(session, sitting)
    if form is None:
        message = N_("The sheets of this session are made from the version in force already.")
        raise Refusal("form_in_use", message, status=409)
    rubric = rubric_in_force(session, sitting.scheme, sitting.level)
    sheets = list(session.scalars(select(RubricSheet).join(Seat).where(Seat.session_id == session_id)))
    before, stored = sheets[0].form_id, rubric.to_keep()
    groups = {EXAMINERS, *(group.id for group in rubric.others())}
    for sheet in sheets:
        if sheet.rater_group in groups:
            sheet.rubric, sheet.form_id = stored, form.id
        else:
            discard(session, actor, sheet, reason=f"sheet_form:{form.number}")
    session.flush()
    add_self_sheets(session, actor, sitting)
    audit.record(
        session, "session:sheet_form:renewed", actor, "session", session_id, before=before, form=form.id,
        version=form.number, sheets=len(sheets),
    )  # fmt: skip
    return len(sheets)


def _begun(session: Session, session_id: int) -> bool:
    of_session = Seat.session_id == session_id
    tapped = exists().where(MarkEntry.sheet_id == RubricSheet.id)
    worked = select(RubricSheet.id).join(Seat).where(
        of_session, (RubricSheet.revision > 0) | (RubricSheet.state == SheetState.SIGNED) | tapped
    )  # fmt: skip
    started = select(Seat.id).where(of_session, Seat.practical_started_at.is_not(None))
    return session.scalar(worked.limit(1)) is not None or session.scalar(started.limit(1)) is not None
