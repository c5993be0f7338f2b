"""The third examiner, whose sheet stands when two are apart; and another examiner for a sheet not yet signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import SYSTEM, Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import said
from app.models.account import User
from app.models.practical import RubricSheet, SheetOrder, SheetState
from app.models.registration import ExamSession, Seat, SessionState
from app.practical.marking.discarding import discard
from app.practical.marking.heads import head_of
from app.practical.marking.standing import Standing, seat_standing
from app.practical.panels.making import has_marks
from app.practical.sittings import examiners_of, locked_sitting, practical_part, refuse_unless_open
from app.registration.avoidance import forbidden_pairs, refuse_assignment


def assign_third(session: Session, actor: Actor, seat_id: int, examiner_id: int, now: datetime) -> RubricSheet:
    """The registrar's choice of a third examiner; one who has begun to mark is not replaced by another."""
    sitting, standing = _at_seat(session, seat_id)
    if sitting.state != SessionState.CLOSED:  # a correction may call for one after the closing
        refuse_unless_open(sitting.state)
    if not standing.outcome.needs_third:
        message = N_("The sheets of seat %(seat)s call for no third examiner.")
        raise Refusal("third_not_needed", message, status=409, seat=standing.seat.number)
    _refuse_unless_free(session, sitting, standing, examiner_id)
    if (before := standing.sheets.get(SheetOrder.THIRD)) is not None:
        if before.examiner_id == examiner_id:
            return before
        if has_marks(before):
            message = N_("The third examiner of seat %(seat)s has begun to mark. Let them sign.")
            raise Refusal("third_begun", message, status=409, seat=standing.seat.number)
        discard(session, actor, before)
        session.flush()
    return _third_sheet(session, actor, standing, examiner_id)


def call_third(session: Session, standing: Standing) -> RubricSheet | None:
    """The engine's own choice: whoever is present, free of ties and has the fewest third sheets; None if nobody is."""
    sitting = standing.seat.session
    free = free_examiners(session, sitting, standing, present_only=True)
    if not free:
        return None
    loads = _third_sheets(session, sitting)
    chosen = min(free, key=lambda examiner: loads.get(examiner.id, 0))
    return _third_sheet(session, SYSTEM, standing, chosen.id)


def settle_third(session: Session, actor: Actor, standing: Standing) -> None:
    """After a sheet changed: call a third examiner if the first two are now apart, let one go who is not needed now.

    A third sheet that is signed or begun stays; it counts only while the first two are apart.
    """
    third = standing.sheets.get(SheetOrder.THIRD)
    if standing.outcome.needs_third and third is None:
        call_third(session, standing)
    elif standing.both_signed and not standing.outcome.needs_third and third is not None and not has_marks(third):
        discard(session, actor, third, reason="third_not_needed")
        session.flush()


def replace_examiner(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, *, reason: str, now: datetime
) -> RubricSheet:
    """Another examiner begins afresh on a sheet whose examiner cannot go on; a signed sheet stays."""
    sheet = session.get(RubricSheet, sheet_id)
    if sheet is None:
        raise NotFound()
    sitting, standing = _at_seat(session, sheet.seat_id)
    if sheet not in standing.sheets.values():  # taken away while this request waited
        raise NotFound()
    refuse_unless_open(sitting.state)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why: a change of examiner is kept with its reason."))
    _refuse_unless_free(session, sitting, standing, examiner_id)
    _refuse_over_limit(session, sitting, sheet.order, examiner_id)
    seat_id, order, rubric, form_id = sheet.seat_id, sheet.order, sheet.rubric, sheet.form_id
    discard(session, actor, sheet, reason)
    session.flush()
    fresh = RubricSheet(seat_id=seat_id, examiner_id=examiner_id, order=order, rubric=rubric, form_id=form_id)
    session.add(fresh)
    session.flush()
    audit.record(session, "sheet:assigned", actor, "sheet", fresh.id, seat=seat_id, order=order, examiner=examiner_id)
    return fresh


def free_examiners(
    session: Session, sitting: ExamSession, standing: Standing, *, present_only: bool = False
) -> list[User]:
    """Who of the panel may still take a sheet of this seat. Not its head: they see the sheets that are apart."""
    panel = examiners_of(session, sitting, present_only=present_only)
    if standing.both_signed and (head := head_of(session, sitting.id)) is not None:
        panel = [user for user in panel if user.id != head]
    busy = {sheet.examiner_id for sheet in standing.sheets.values() if sheet.order != SheetOrder.THIRD}
    busy |= {sheet.examiner_id for sheets in standing.raters.values() for sheet in sheets}
    ties = forbidden_pairs(session, [standing.seat], panel)
    return [user for user in panel if user.id not in busy and (standing.seat.id, user.id) not in ties]


def _at_seat(session: Session, seat_id: int) -> tuple[ExamSession, Standing]:
    session_id = session.scalar(select(Seat.session_id).where(Seat.id == seat_id))
    if session_id is None:
        raise NotFound()
    sitting = locked_sitting(session, session_id)
    seat = session.get_one(Seat, seat_id, populate_existing=True)
    return sitting, seat_standing(session, seat)


def _refuse_unless_free(session: Session, sitting: ExamSession, standing: Standing, examiner_id: int) -> None:
    if examiner_id not in {user.id for user in free_examiners(session, sitting, standing)}:
        panel = {user.id: user for user in examiners_of(session, sitting)}
        if examiner_id in panel:
            refuse_assignment(session, standing.seat, panel[examiner_id])
        message = N_(
            "This examiner may not mark seat %(seat)s: not on the panel, its head, or already marking this candidate."
            " Choose another one, or add an examiner to the session."
        )
        raise Refusal("examiner_not_free", message, status=409, seat=standing.seat.number)


def _refuse_over_limit(session: Session, sitting: ExamSession, order: str, examiner_id: int) -> None:
    part = practical_part(sitting)
    limits = {SheetOrder.FIRST: part.max_first, SheetOrder.SECOND: part.max_second}
    limit = limits.get(SheetOrder(order))
    held = select(func.count()).select_from(RubricSheet).join(Seat).where(
        Seat.session_id == sitting.id, RubricSheet.order == order, RubricSheet.examiner_id == examiner_id
    )  # fmt: skip
    if limit is not None and (session.scalar(held) or 0) >= limit:
        message = N_("This examiner already has %(limit)s candidates in that place, the most there may be.")
        raise Refusal("examiner_at_limit", message, status=409, limit=limit)


def _third_sheets(session: Session, sitting: ExamSession) -> dict[int, int]:
    counted = (
        select(RubricSheet.examiner_id, func.count())
        .join(Seat)
        .where(Seat.session_id == sitting.id, RubricSheet.order == SheetOrder.THIRD)
        .group_by(RubricSheet.examiner_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _third_sheet(session: Session, actor: Actor, standing: Standing, examiner_id: int) -> RubricSheet:
    first = standing.sheets[SheetOrder.FIRST]
    sheet = RubricSheet(
        seat_id=standing.seat.id, examiner_id=examiner_id, order=SheetOrder.THIRD, rubric=first.rubric,
        form_id=first.form_id,
    )  # fmt: skip
    session.add(sheet)
    session.flush()
    audit.record(
        session, "sheet:assigned", actor, "sheet", sheet.id,
        seat=standing.seat.id, order=SheetOrder.THIRD, examiner=examiner_id,
    )  # fmt: skip
    return sheet
