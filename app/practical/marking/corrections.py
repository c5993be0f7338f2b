"""Corrections after signing: a new version with a reason, asked for by its examiner and agreed by another person.

The version before stays readable. The outcome follows from what stands: a third examiner is called if the two are now
apart; one who signed already counts only as long as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.marking import SheetVersion, VersionState
from app.models.practical import Mark, RubricSheet, SheetState
from app.models.registration import Seat
from app.practical.marking import register, versions
from app.practical.marking.entry_checks import tidy_note
from app.practical.marking.heads import head_of
from app.practical.marking.holding import hold_seat, locked_sheet, refuse_released, state_of
from app.practical.marking.reconciling import open_to
from app.practical.marking.rubric import Rubric
from app.practical.marking.rubric import RubricSheet as Value
from app.practical.marking.standing import seat_standing
from app.practical.marking.thirds import settle_third
from app.registration.avoidance import refuse_tied


@dataclass(frozen=True)
class Decider:
    """Who decides on a correction: an examiner, or somebody of the certifying body."""

    actor: Actor
    user_id: int
    registrar: bool


def ask(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, marks: Mapping[str, object],
    *, notes: Mapping[str, str], reason: str, now: datetime,
) -> SheetVersion:  # fmt: skip
    """A new version of one's own signed sheet, waiting for agreement. Criteria not named stay as they are."""
    sheet = locked_sheet(session, sheet_id, examiner_id)
    _refuse_unfit(session, sheet, reason)
    rubric, before = Rubric.kept(sheet.rubric), versions.marks_of(sheet)
    after = dict(before)
    for key, given in marks.items():
        after[key] = (rubric.points(key, given), after.get(key, (None, ""))[1])
    for key, text in notes.items():
        after[rubric.knows(key)] = (after.get(key, (None, ""))[0], tidy_note(key, text))
    if after == before:
        message = N_("The correction changes nothing. Enter the points or notes as they should be.")
        raise Refusal("correction_empty", message)
    history = versions.versions_of(session, sheet.id) or [versions.first(session, sheet, sheet.signed_at or now)]
    asked = SheetVersion(
        sheet_id=sheet.id, number=history[-1].number + 1, state=VersionState.ASKED, marks=versions.kept(after),
        total=_total(rubric, after), reason=reason.strip(), asked_by=examiner_id, asked_at=now,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    audit.record(
        session, "sheet:correction:asked", actor, "sheet", sheet.id, seat=sheet.seat_id, version=asked.number,
        reason=asked.reason, total=asked.total, marks=_changed(before, after),
    )  # fmt: skip
    return asked


def decide(
    session: Session, who: Decider, version_id: int, *, agree: bool, answer: str = "", now: datetime
) -> SheetVersion:
    """The head of the panel, or the registrar where there is none, it is the head's own sheet, or the head asks."""
    version, sheet = _held(session, version_id)
    _refuse_stranger(session, who, version, sheet)
    _refuse_blind(session, who, sheet)
    refuse_released(state_of(session, sheet.seat))
    if version.state != VersionState.ASKED:
        raise Refusal("correction_decided", N_("This correction is decided already."), status=409)
    check_reason(answer)
    if not agree and not said(answer):
        raise Refusal("reason_missing", N_("Say why the correction is declined; its examiner reads it."))
    version.decided_by, version.decided_at, version.answer = who.user_id, now, answer.strip()
    if not agree:
        version.state = VersionState.DECLINED
        session.flush()
        audit.record(session, "sheet:correction:declined", who.actor, "sheet", sheet.id, version=version.number)
        return version
    _apply(session, who.actor, sheet, version, now)
    return version


def hand_over(session: Session, actor: Actor, version_id: int, head_id: int) -> SheetVersion:
    """The head leaves a correction to the registrar."""
    version, sheet = _held(session, version_id)
    if head_of(session, sheet.seat.session_id) != head_id or version.state != VersionState.ASKED:
        raise NotFound()
    version.handed_over = True
    session.flush()
    audit.record(session, "sheet:correction:handed_over", actor, "sheet", sheet.id, version=version.number)
    return version


def may_decide(session: Session, user_id: int, version: SheetVersion, sheet: RubricSheet, *, registrar: bool) -> bool:
    head = head_of(session, sheet.seat.session_id)
    if user_id == version.asked_by:
        return False
    return user_id == head or (registrar and (head in (None, version.asked_by) or version.handed_over))


def waiting_of(session: Session, session_id: int) -> list[tuple[SheetVersion, RubricSheet]]:
    """Corrections of a session that nobody has decided yet, with their sheets."""
    wanted = (
        select(SheetVersion, RubricSheet)
        .join(RubricSheet, RubricSheet.id == SheetVersion.sheet_id)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .where(Seat.session_id == session_id, SheetVersion.state == VersionState.ASKED)
        .order_by(SheetVersion.asked_at, SheetVersion.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def _apply(session: Session, actor: Actor, sheet: RubricSheet, version: SheetVersion, now: datetime) -> None:
    before, after = versions.marks_of(sheet), versions.of_version(version)
    for old in versions.versions_of(session, sheet.id):
        if old.state == VersionState.STANDS:
            old.state = VersionState.REPLACED
    session.flush()
    version.state = VersionState.STANDS
    rows = {mark.criterion: mark for mark in sheet.marks}
    for key, (points, note) in after.items():
        mark = rows.get(key) or Mark(sheet_id=sheet.id, criterion=key)
        mark.points, mark.note, mark.saved_at = points, note, now
        session.add(mark)
    sheet.total, sheet.revision = version.total, sheet.revision + 1
    session.flush()
    session.refresh(sheet, ["marks"])
    audit.record(
        session, "sheet:corrected", actor, "sheet", sheet.id, seat=sheet.seat_id, version=version.number,
        total=version.total, reason=version.reason, marks=_changed(before, after),
    )  # fmt: skip
    settle_third(session, actor, seat_standing(session, sheet.seat))
    register.void(session, actor, sheet.seat.session_id, version.reason, now)


def _held(session: Session, version_id: int) -> tuple[SheetVersion, RubricSheet]:
    seat = (
        select(RubricSheet.seat_id)
        .join(SheetVersion, SheetVersion.sheet_id == RubricSheet.id)
        .where(SheetVersion.id == version_id)
    )
    seat_id = session.scalar(seat)
    if seat_id is None:
        raise NotFound()
    hold_seat(session, seat_id)
    version = session.get_one(SheetVersion, version_id, populate_existing=True)
    return version, session.get_one(RubricSheet, version.sheet_id, populate_existing=True)


def _refuse_stranger(session: Session, who: Decider, version: SheetVersion, sheet: RubricSheet) -> None:
    if may_decide(session, who.user_id, version, sheet, registrar=who.registrar):
        return
    if who.user_id == version.asked_by:
        message = N_("You asked for this correction yourself. Somebody else decides on it.")
        raise Refusal("own_correction", message, status=409)
    if who.registrar:
        message = N_("The head of the panel decides on this correction, unless they leave it to you.")
        raise Refusal("head_decides", message, status=409)
    raise NotFound()


def _refuse_blind(session: Session, who: Decider, sheet: RubricSheet) -> None:
    """Whoever decides reads both sheets; so both are signed, and it is nobody who still marks this candidate."""
    if not open_to(seat_standing(session, sheet.seat), who.user_id):
        message = N_("This correction is decided once both examiners have signed, by somebody who does not mark now.")
        raise Refusal("correction_blind", message, status=409)


def _refuse_unfit(session: Session, sheet: RubricSheet, reason: str) -> None:
    if sheet.state != SheetState.SIGNED:
        message = N_("This sheet is not signed yet. Change its marks directly.")
        raise Refusal("sheet_unsigned", message, status=409)
    refuse_released(state_of(session, sheet.seat))
    if sheet.examines:  # ties bind those who examine, not those who rate beside them
        refuse_tied(session, sheet.seat, sheet.examiner)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why: a correction is kept with its reason."))
    check_reason(reason)
    if any(one.state == VersionState.ASKED for one in versions.versions_of(session, sheet.id)):
        message = N_("A correction of this sheet waits for a decision already. Wait for it, then ask for another.")
        raise Refusal("correction_waits", message, status=409)


def _total(rubric: Rubric, marks: versions.Marks) -> Decimal:
    return Value(rubric, {key: points for key, (points, _) in marks.items() if points is not None}).total()


def _changed(before: versions.Marks, after: versions.Marks) -> dict[str, list[object]]:
    keys = [key for key in after if after[key] != before.get(key)]
    return {key: [_plain(before.get(key, (None, ""))), _plain(after[key])] for key in keys}


def _plain(mark: tuple[Decimal | None, str]) -> list[str]:
    return ["" if mark[0] is None else str(mark[0]), mark[1]]
