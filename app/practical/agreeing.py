"""Agreement of a panel from what was signed: who may see what, and the figures.

Only candidates whose first two sheets are both signed take part, and never one whom the viewer still has to mark. What
was corrected counts as it stands now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Part, Seat
from app.practical.agreement.anchored import Anchored, against_anchor
from app.practical.agreement.doubles import Double, Doubles, SignedSheet
from app.practical.agreement.summary import Judging, Summary, summary
from app.practical.anchors import anchors_of, known_points
from app.practical.marking.rubric import Rubric
from app.registration.facts import BODY_ZONE
from app.schemes.scheme import Criterion, PracticalPart
from app.schemes.scheme import scheme as scheme_of

_SIGNED = text("""
SELECT seat.session_id, seat.id AS seat_id, seat.number, sheet.examiner_id, sheet."order",
       sheet.total::float8 AS total, coalesce(seat.practical_started_at, sheet.signed_at) AS at, given.points
FROM rubric_sheet sheet
JOIN seat ON seat.id = sheet.seat_id
LEFT JOIN LATERAL (SELECT jsonb_object_agg(criterion, points) AS points FROM mark
                   WHERE mark.sheet_id = sheet.id AND points IS NOT NULL) given ON true
WHERE seat.session_id = ANY(:sessions) AND sheet.rater_group = 'examiner' AND sheet.state = 'signed'
  AND NOT EXISTS (SELECT 1 FROM rubric_sheet own WHERE own.seat_id = seat.id AND own.examiner_id = :viewer
                  AND own.state <> 'signed')
ORDER BY seat.session_id, seat.number, sheet."order"
""")


@dataclass(frozen=True)
class Agreement:
    """What a page or a file shows; `summary` is None before the figures begin."""

    sittings: Sequence[ExamSession]
    doubles: Doubles
    begin: int
    gap: float
    pass_mark: float
    summary: Summary | None
    names: dict[int, str]
    session_of: dict[int, int]
    """Of each seat."""


def agreement_of(session: Session, sittings: Sequence[ExamSession], viewer_id: int) -> Agreement:
    """Of sessions of one level, as one."""
    part = _part(sittings[0])
    ids = [sitting.id for sitting in sittings]
    rubrics = _rubrics(session, ids)
    seats = _by_seat(session, ids, viewer_id)
    doubles = _doubles(seats, _criteria(rubrics))
    step, gap, pass_mark = _judged_by(part, rubrics)
    anchored = _anchored(session, ids, seats)
    found = summary(doubles, Judging(step, gap, pass_mark, part.agreement), anchored)
    who = {*doubles.examiners, *(one.examiner for one in anchored)}
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(who)))}
    session_of = {seat: rows[0].session_id for seat, rows in seats.items()}
    return Agreement(sittings, doubles, part.agreement.begin, gap, pass_mark, found, names, session_of)


def sessions_between(
    session: Session, scheme: str, level: str, since: date | None, until: date | None
) -> list[ExamSession]:
    """Practical sessions of a level that were marked in, by the certifying body's day of opening, the latest first."""
    wanted = select(ExamSession).where(
        ExamSession.part == Part.PRACTICAL, ExamSession.scheme == scheme, ExamSession.level == level,
        ExamSession.state.in_(("open", "closed", "released")),
    )  # fmt: skip
    if since is not None:
        wanted = wanted.where(ExamSession.opens_at >= datetime.combine(since, time.min, BODY_ZONE))
    if until is not None:
        wanted = wanted.where(ExamSession.opens_at <= datetime.combine(until, time.max, BODY_ZONE))
    return list(session.scalars(wanted.order_by(ExamSession.opens_at.desc(), ExamSession.id.desc())))


def examines_in(session: Session, session_id: int, user_id: int) -> bool:
    wanted = select(RubricSheet.id).join(Seat).where(
        Seat.session_id == session_id, RubricSheet.examiner_id == user_id, RubricSheet.rater_group == "examiner"
    )  # fmt: skip
    return session.scalar(wanted.limit(1)) is not None


def _part(sitting: ExamSession) -> PracticalPart:
    return scheme_of(sitting.scheme).level(sitting.level).practical


def _rubrics(session: Session, ids: Sequence[int]) -> list[Rubric]:
    """One for each session: all its candidates are marked alike."""
    wanted = (
        select(RubricSheet.rubric)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .where(Seat.session_id.in_(ids))
        .ext(distinct_on(Seat.session_id))
        .order_by(Seat.session_id, RubricSheet.id)
    )
    return [Rubric.kept(stored) for stored in session.scalars(wanted)]


def _criteria(rubrics: Iterable[Rubric]) -> tuple[Criterion, ...]:
    """Of all sessions; where one changed, as it was last."""
    found: dict[str, Criterion] = {}
    for rubric in rubrics:
        found |= {criterion.id: criterion for criterion in rubric.criteria}
    return tuple(found.values())


def _judged_by(part: PracticalPart, rubrics: Sequence[Rubric]) -> tuple[float, float, float]:
    if rubrics:
        return float(rubrics[-1].step), float(rubrics[-1].gap), float(rubrics[-1].pass_mark)
    return float(part.sheet.step), float(part.gap), float(part.pass_mark)


def _by_seat(session: Session, ids: Sequence[int], viewer_id: int) -> dict[int, list[Any]]:
    """Signed sheets of every seat with both of the first two signed."""
    seats: dict[int, list[Any]] = {}
    for row in session.execute(_SIGNED, {"sessions": list(ids), "viewer": viewer_id}):
        seats.setdefault(row.seat_id, []).append(row)
    return {seat: rows for seat, rows in seats.items() if {"first", "second"} <= {row.order for row in rows}}


def _doubles(seats: dict[int, list[Any]], criteria: tuple[Criterion, ...]) -> Doubles:
    begun: dict[int, datetime] = {}
    for rows in seats.values():
        for row in rows:
            begun[row.session_id] = min(begun.get(row.session_id, row.at), row.at)
    found = []
    for seat, rows in seats.items():
        two = {row.order: row for row in rows}
        first, second = two["first"], two["second"]
        hour = (min(first.at, second.at) - begun[first.session_id]).total_seconds() / 3600
        found.append(Double(seat, first.number, hour, _sheet(first), _sheet(second)))
    return Doubles(found, criteria)


def _sheet(row: Any) -> SignedSheet:
    return SignedSheet(row.examiner_id, row.total, row.points or {})


def _anchored(session: Session, ids: Sequence[int], seats: dict[int, list[Any]]) -> list[Anchored]:
    found = []
    for seat_id, anchor in anchors_of(session, ids).items():
        known = {key: float(points) for key, points in known_points(anchor).items()}
        for row in seats.get(seat_id, ()):
            found.append(against_anchor(row.number, row.examiner_id, row.total, row.points or {}, known))
    return sorted(found, key=lambda one: (one.seat, one.examiner))
