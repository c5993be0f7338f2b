"""What a registrar decides by hand: two examiners for one seat, and who heads the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.account import User
from app.models.practical import RubricSheet, SheetOrder
from app.models.registration import ExamSession, Seat, StaffAssignment, StaffRole
from app.models.stations import ChangeKind, PanelChange
from app.practical.marking.discarding import discard
from app.practical.marking.standing import Standing, seat_standing
from app.practical.panels.changes import keep_change, picture
from app.practical.panels.day_roster import former_plans, problem_of
from app.practical.panels.making import TWO, fresh_sheets, has_marks
from app.practical.panels.rostering.judge import violations
from app.practical.panels.rostering.values import Plan
from app.practical.sittings import examiners_of, locked_sitting, practical_part, refuse_if_over
from app.registration.avoidance import forbidden_pairs, refuse_assignment, ties_between
from app.registration.seating import seat_of


def assign_pair(
    session: Session, actor: Actor, session_id: int, seat_id: int, pair: tuple[int, int], *, reason: str,
    now: datetime,
) -> PanelChange:  # fmt: skip
    """These two examiners for this seat, if no rule speaks against it; a sheet that holds marks keeps its examiner."""
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    seat = seat_of(session, session_id, seat_id)
    check_reason(reason)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why: a change of examiner is kept with its reason."))
    panel = {user.id: user for user in examiners_of(session, sitting)}
    if pair[0] == pair[1] or not {*pair} <= {*panel}:
        message = N_("Name two different examiners of this session's panel.")
        raise Refusal("pair_unknown", message, details={"panel": sorted(panel)})
    for examiner in pair:
        refuse_assignment(session, seat, panel[examiner])
    sheets = _sheets(session, seat)
    if len(sheets) < len(TWO):
        message = N_("Seat %(seat)s has no examiners yet. Allocate first; then change what needs changing.")
        raise Refusal("seat_not_allocated", message, status=409, seat=seat.number)
    changing = [(sheets[order], to) for order, to in zip(TWO, pair, strict=True) if sheets[order].examiner_id != to]
    if marked := next((sheet for sheet, _ in changing if has_marks(sheet)), None):
        message = N_("The sheet of %(name)s holds marks already. Use “another examiner” at that sheet, with a reason.")
        raise Refusal("sheet_has_marks", message, status=409, name=marked.examiner.name)
    if (third := sheets.get(SheetOrder.THIRD)) is not None and third.examiner_id in pair:
        message = N_("%(name)s is the third examiner of this seat already.")
        raise Refusal("already_third", message, status=409, name=third.examiner.name)
    _refuse_against_rules(session, sitting, seat, pair, panel)
    before = picture(session, sitting.id)
    for sheet, _ in changing:
        discard(session, actor, sheet, reason)
    session.flush()
    fresh_sheets(session, sitting, {(seat.id, SheetOrder(sheet.order)): to for sheet, to in changing})
    return keep_change(
        session, actor, sitting.id, ChangeKind.MANUAL, f"{seat.number} {seat.application.candidate.name}",
        reason, before, fewest=True, now=now,
    )  # fmt: skip


def set_head(session: Session, actor: Actor, session_id: int, user_id: int | None) -> StaffAssignment | None:
    """One rostered examiner heads the panel, or nobody does."""
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    wanted = select(StaffAssignment).where(
        StaffAssignment.session_id == session_id, StaffAssignment.role == StaffRole.EXAMINER
    )
    chosen = None
    rows = list(session.scalars(wanted))
    if user_id is not None:
        chosen = next((row for row in rows if row.user_id == user_id), None)
        if chosen is None:
            message = N_("The head is one of the examiners on this session's roster. Put them on it first.")
            raise Refusal("head_not_rostered", message)
    before = next((row.user_id for row in rows if row.head), None)
    if before == user_id:
        return chosen
    for row in rows:
        row.head = False
    session.flush()
    if chosen is not None:
        chosen.head = True
        session.flush()
    audit.record(session, "panel:head:set", actor, "session", session_id, user=user_id, before=before)
    return chosen


def _sheets(session: Session, seat: Seat) -> dict[str, RubricSheet]:
    wanted = select(RubricSheet).where(RubricSheet.seat_id == seat.id)
    return {sheet.order: sheet for sheet in session.scalars(wanted.execution_options(populate_existing=True))}


def _refuse_against_rules(
    session: Session, sitting: ExamSession, seat: Seat, pair: tuple[int, int], panel: dict[int, User]
) -> None:
    """Limits, two candidates at once, rest: whatever the roster would break that it did not break before."""
    part = practical_part(sitting)
    for order, examiner, limit in zip(TWO, pair, (part.max_first, part.max_second), strict=True):
        held = select(RubricSheet.seat_id).join(Seat).where(
            Seat.session_id == sitting.id, RubricSheet.order == order, RubricSheet.examiner_id == examiner,
            RubricSheet.seat_id != seat.id,
        )  # fmt: skip
        if len(session.scalars(held).all()) >= limit:
            message = N_("%(examiner)s already has %(limit)s candidates in that place, the most there may be.")
            raise Refusal(
                "examiner_at_limit", message, status=409, examiner=panel[examiner].name, limit=limit,
            )  # fmt: skip
    seats = list(session.scalars(select(Seat).where(Seat.session_id == sitting.id)))
    former = former_plans(session, sitting, {one.id for one in seats})
    if seat.id not in former:
        return
    everybody = sorted({*panel, *(examiner for plan in former.values() for examiner in plan.pair)})
    problem = problem_of(session, sitting, everybody, seats, forbidden_pairs(session, [seat], panel.values()))
    after = {**former, seat.id: Plan(*pair, former[seat.id].turns)}
    if broken := set(violations(problem, after)) - set(violations(problem, former)):
        names = [panel[one].name for one in pair if any(str(one) in rule for rule in broken)] or [str(seat.number)]
        message = N_(
            "%(names)s: with this candidate the examiner would be at two stations at once, or attend too long without"
            " a rest. Choose somebody who is free then."
        )
        details = {"broken": sorted(broken)}
        raise Refusal("assignment_breaks_rule", message, status=409, details=details, names=names)


@dataclass(frozen=True)
class Choice:
    """An examiner of the panel as one of the two for a seat."""

    user: User
    ties: list[str]
    """Why not, if anything ties them to the candidate."""


def choices_for(session: Session, sitting: ExamSession, seat_id: int) -> tuple[Standing, list[Choice]]:
    seat = seat_of(session, sitting.id, seat_id)
    panel = examiners_of(session, sitting)
    forbidden = forbidden_pairs(session, [seat], panel)
    found = [
        Choice(user, ties_between(session, seat, user) if (seat.id, user.id) in forbidden else []) for user in panel
    ]
    return seat_standing(session, seat), found
