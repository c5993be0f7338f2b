"""Those who rate beside the examiners: the candidates themselves, and accounts that a registrar names for a seat.

Limits and conflicts bind the examiners alone. Like theirs, a rater's sheet is seen by nobody else before the release.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.account import User
from app.models.practical import RubricSheet, SheetState
from app.models.registration import ExamSession, Seat
from app.practical.marking.discarding import discard
from app.practical.marking.rubric import EXAMINERS, SELF, Group, Rubric
from app.practical.marking.standing import Standing, seat_standing
from app.practical.sittings import locked_sitting, refuse_if_over


def groups_of(session: Session, sitting: ExamSession) -> tuple[Group, ...]:
    """The groups beside the examiners on this session's sheets; none before they are made."""
    first = session.scalar(
        select(RubricSheet).join(Seat).where(Seat.session_id == sitting.id).order_by(RubricSheet.id).limit(1)
    )
    return Rubric.kept(first.rubric).others() if first else ()


def own_ratings(session: Session, user_id: int) -> list[RubricSheet]:
    """Sheets on which somebody rates without examining, the latest session first."""
    wanted = (
        select(RubricSheet)
        .join(Seat)
        .join(ExamSession)
        .where(RubricSheet.examiner_id == user_id, RubricSheet.rater_group != EXAMINERS)
    )
    return list(session.scalars(wanted.order_by(ExamSession.opens_at.desc(), Seat.number, RubricSheet.id)))


def own_rating(session: Session, sheet_id: int, user_id: int) -> RubricSheet:
    sheet = session.get(RubricSheet, sheet_id)
    if sheet is None or sheet.examiner_id != user_id or sheet.rater_group == EXAMINERS:
        raise NotFound()
    return sheet


def add_self_sheets(session: Session, actor: Actor, sitting: ExamSession) -> int:
    """One for each candidate whose sheets have the group of those who rate themselves; how many were new."""
    if not any(group.id == SELF for group in groups_of(session, sitting)):
        return 0
    seats = session.scalars(select(Seat).where(Seat.session_id == sitting.id).order_by(Seat.number))
    standings = [seat_standing(session, seat) for seat in seats]
    lacking = [one for one in standings if one.sheets and not one.raters.get(SELF)]
    for one in lacking:
        _add(session, actor, one, SELF, one.seat.application.candidate.user_id)
    return len(lacking)


def name_rater(
    session: Session, actor: Actor, session_id: int, seat_id: int, group: str, username: str, now: datetime
) -> RubricSheet:
    """An account that rates this candidate in a group; naming the same one again changes nothing."""
    standing = _at_seat(session, session_id, seat_id)
    known = standing.rubric.others() if standing.rubric else ()
    chosen = next((one for one in known if one.id == group), None)
    if chosen is None:
        message = N_(
            "The sheets of seat %(seat)s have no group “%(group)s” beside the examiners. Use one of: %(known)s."
        )
        names = [one.name for one in known]
        raise Refusal("rater_group_unknown", message, seat=standing.seat.number, group=group[:80], known=names)
    user = _account(session, username)
    own = user.id == standing.seat.application.candidate.user_id
    if own != (group == SELF):
        message = N_("In the group “%(group)s” nobody rates themselves. Name another account.")
        if group == SELF:
            message = N_("In the group “%(group)s” only the candidates rate, each their own practical.")
        raise Refusal("rater_not_fitting", message, status=409, group=chosen.name)
    holders = [*standing.sheets.values(), *(sheet for sheets in standing.raters.values() for sheet in sheets)]
    before = next((sheet for sheet in holders if sheet.examiner_id == user.id), None)
    if before is not None and before.rater_group == group:
        return before
    if before is not None:
        message = N_("%(name)s has a sheet for seat %(seat)s already. Nobody rates the same candidate twice.")
        raise Refusal("rater_twice", message, status=409, name=user.name, seat=standing.seat.number)
    return _add(session, actor, standing, group, user.id)


def remove_rater(session: Session, actor: Actor, session_id: int, sheet_id: int) -> None:
    """Takes an unsigned sheet of another rater away; what stood on it goes into the audit log."""
    seat_id = session.scalar(select(RubricSheet.seat_id).where(RubricSheet.id == sheet_id))
    if seat_id is None:
        raise NotFound()
    standing = _at_seat(session, session_id, seat_id)
    sheets = (sheet for sheets in standing.raters.values() for sheet in sheets)
    sheet = next((sheet for sheet in sheets if sheet.id == sheet_id), None)
    if sheet is None:
        raise NotFound()
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    marks = {mark.criterion: mark.points for mark in sheet.marks}
    audit.record(
        session, "rater:removed", actor, "sheet", sheet.id,
        seat=seat_id, group=sheet.rater_group, rater=sheet.examiner_id, marks=marks,
    )  # fmt: skip
    discard(session, actor, sheet)
    session.flush()


def _at_seat(session: Session, session_id: int, seat_id: int) -> Standing:
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    seat = session.get(Seat, seat_id, populate_existing=True)
    if seat is None or seat.session_id != session_id:
        raise NotFound()
    standing = seat_standing(session, seat)
    if not standing.sheets:
        message = N_("Seat %(seat)s has no sheets yet. Allocate the examiners, then name the raters.")
        raise Refusal("sheets_missing", message, status=409, seat=seat.number)
    return standing


def _account(session: Session, username: str) -> User:
    user = session.scalar(select(User).where(User.username == username.strip()))
    if user is None or not user.active:
        message = N_("There is no active account “%(name)s”. Check how it is written.")
        raise Refusal("rater_unknown", message, name=username.strip()[:80])
    return user


def _add(session: Session, actor: Actor, standing: Standing, group: str, user_id: int) -> RubricSheet:
    first = next(iter(standing.sheets.values()))
    orders = {sheet.order for sheet in standing.raters.get(group, ())}
    number = next(n for n in count(1) if f"{group}-{n}" not in orders)
    sheet = RubricSheet(
        seat_id=standing.seat.id, examiner_id=user_id, order=f"{group}-{number}", rater_group=group,
        rubric=first.rubric, form_id=first.form_id,
    )  # fmt: skip
    session.add(sheet)
    session.flush()
    audit.record(session, "rater:named", actor, "sheet", sheet.id, seat=standing.seat.id, group=group, rater=user_id)
    return sheet
