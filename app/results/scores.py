"""What each seat of a session has come to: a score, an absence, or what is still missing before there is one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_
from app.delivery.closing import ABSENT
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession, Part, Seat
from app.practical.marking import standing as practical
from app.results.verdict import Missed


class Standing(StrEnum):
    """Whether a seat has its score, and if not, what it waits for."""

    SCORED = "scored"
    ABSENT = "absent"
    VOIDED = "voided"
    RUNNING = "running"
    UNMARKED = "unmarked"
    UNSIGNED = "unsigned"
    NEEDS_THIRD = "needs_third"
    RATERS_MISSING = "raters_missing"

    @property
    def waits(self) -> bool:
        return self in WAITING


WAITING = {
    Standing.RUNNING: N_("The attempt is not closed. Close the session first."),
    Standing.UNMARKED: N_("Open answers of this attempt still wait for examiners. Ask them to finish their sheets."),
    Standing.UNSIGNED: N_("A rubric sheet is not signed. Ask the examiner to sign it."),
    Standing.NEEDS_THIRD: N_("The two sheets are too far apart. A third examiner has to mark and sign."),
    Standing.RATERS_MISSING: N_("No sheet of this group is signed yet: %(groups)s. Ask its raters to sign."),
}


@dataclass(frozen=True)
class SeatScore:
    seat: Seat
    standing: Standing
    score: Decimal | None = None
    breakdown: dict[str, Any] = field(default_factory=dict)
    """Marks by row or area, as a part result keeps them: {"rows": [{"name", "marks", "of"}]}."""
    failed_critical: tuple[Missed, ...] = ()
    waits_for: tuple[str, ...] = ()
    """Names of the groups of raters without a signed sheet."""


def scores_of(session: Session, exam: ExamSession) -> list[SeatScore]:
    """Every seat in the order of its number."""
    if exam.part == Part.PRACTICAL:
        return [_of_sheets(one) for one in practical.session_standings(session, exam.id)]
    return _theory(session, exam)


def _theory(session: Session, exam: ExamSession) -> list[SeatScore]:
    seats = session.scalars(select(Seat).where(Seat.session_id == exam.id).order_by(Seat.number))
    attempts = session.scalars(select(Attempt).where(Attempt.session_id == exam.id).order_by(Attempt.id))
    latest: dict[int, Attempt] = {}
    for attempt in attempts:  # a voided one may have been replaced by another
        if attempt.seat_id not in latest or latest[attempt.seat_id].state == AttemptState.VOIDED:
            latest[attempt.seat_id] = attempt
    return [_of_attempt(seat, latest.get(seat.id)) for seat in seats]


def _of_attempt(seat: Seat, attempt: Attempt | None) -> SeatScore:
    if attempt is None or attempt.state == AttemptState.PREPARED:
        return SeatScore(seat, Standing.ABSENT)
    if attempt.state == AttemptState.VOIDED:
        return SeatScore(seat, Standing.ABSENT if attempt.closed_how == ABSENT else Standing.VOIDED)
    if attempt.state in (AttemptState.IN_PROGRESS, AttemptState.PAUSED):
        return SeatScore(seat, Standing.RUNNING)
    if attempt.state not in (AttemptState.MARKED, AttemptState.RELEASED) or attempt.score is None:
        return SeatScore(seat, Standing.UNMARKED)
    return SeatScore(seat, Standing.SCORED, attempt.score, attempt.marks_by_row or {"rows": []})


def _of_sheets(one: practical.Standing) -> SeatScore:
    if not one.examined:
        return SeatScore(one.seat, Standing.ABSENT)
    if one.outcome.score is None:
        return SeatScore(one.seat, _missing(one), waits_for=tuple(group.name for group in one.waits_for))
    rows = [
        {"name": area.name, "name_en": area.name_en, "marks": f"{area.marks:f}", "of": f"{area.of:f}"}
        for area in one.areas()
    ]
    missed = tuple(Missed(each.id, each.name, each.name_en) for each in one.failed_critical)
    breakdown: dict[str, Any] = {"rows": rows}
    if missed:
        breakdown["failed_critical"] = [asdict(each) for each in missed]
    return SeatScore(one.seat, Standing.SCORED, one.outcome.score, breakdown, missed)


def _missing(one: practical.Standing) -> Standing:
    if one.outcome.needs_third:
        return Standing.NEEDS_THIRD
    return Standing.RATERS_MISSING if one.outcome.waits_for else Standing.UNSIGNED
