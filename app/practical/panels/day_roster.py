"""Between the rows of a session and the solver: what it is asked, what stood before, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.practical import RubricSheet, SheetOrder
from app.models.registration import ExamSession, Seat
from app.models.stations import PracticalStation, SeatAbsence, StationTurn
from app.models.tasks import SeatTask
from app.practical.panels.rostering.day import Day
from app.practical.panels.rostering.repairing import repair
from app.practical.panels.rostering.values import Plan, Problem, Rules, Station, Task, Turn
from app.practical.panels.stations import rules_of, stations_of, turns_of_session
from app.practical.panels.timetable import find_roster
from app.practical.sittings import practical_part

LONGEST_DAY = 24 * 60
"""A session that is open for longer has its turns in the first so many minutes."""
Ties = AbstractSet[tuple[int, int]]


def has_stations(session: Session, session_id: int) -> bool:
    wanted = select(PracticalStation.id).where(PracticalStation.session_id == session_id).limit(1)
    return session.scalar(wanted) is not None


def is_timed(session: Session, sitting: ExamSession, seats: Sequence[Seat]) -> bool:
    """Whether every seat has a turn for every task, as far as the session has stations at all."""
    if not has_stations(session, sitting.id):
        return True
    slots = {task.id for task in practical_part(sitting).tasks}
    have: dict[int, set[str]] = {}
    for turn in turns_of_session(session, sitting.id):
        have.setdefault(turn.seat_id, set()).add(turn.slot)
    return all(have.get(seat.id, set()) >= slots for seat in seats)


def absent_seats(session: Session, session_id: int) -> set[int]:
    wanted = select(SeatAbsence.seat_id).join(Seat, Seat.id == SeatAbsence.seat_id)
    return set(session.scalars(wanted.where(Seat.session_id == session_id)))


def solved(
    session: Session, sitting: ExamSession, panel: Sequence[int], seats: Sequence[Seat], ties: Ties,
    begun: AbstractSet[int], now: datetime | None,
) -> tuple[dict[int, Plan], bool]:  # fmt: skip
    """Plans of all seats with as little changed as can be, and whether that is proved."""
    former = former_plans(session, sitting, {seat.id for seat in seats})
    away = {examiner for plan in former.values() for examiner in plan.pair} - {*panel}
    problem = problem_of(session, sitting, [*panel, *sorted(away)], seats, ties)
    out = frozenset(one.id for one in stations_of(session, sitting.id) if one.out_of_order_at is not None)
    if former:
        day = Day(former, minute_of(sitting, now), frozenset(begun), frozenset(away), _done(session, sitting), out)
        try:
            found = repair(problem, day)
        except Refusal:
            if begun or day.now:
                raise
        else:
            return found.roster, found.fewest
    fresh = problem_of(session, sitting, panel, seats, ties)
    working = tuple(one for one in fresh.stations if one.id not in out)
    return find_roster(replace(fresh, stations=working)), False


def minute_of(sitting: ExamSession, now: datetime | None) -> int:
    """Minutes since the opening planned, begun ones counted."""
    if now is None:
        return 0
    return max(0, -(-int((now - sitting.opens_at).total_seconds()) // 60))


def problem_of(
    session: Session, sitting: ExamSession, examiners: Sequence[int], seats: Sequence[Seat], ties: Ties
) -> Problem:
    part, rules = practical_part(sitting), rules_of(session, sitting)
    return Problem(
        candidates=tuple(seat.id for seat in seats),
        examiners=tuple(examiners),
        ties=frozenset(ties),
        tasks=tuple(Task(one.id, one.minutes, one.attended) for one in part.tasks),
        stations=tuple(
            Station(one.id, frozenset(one.slots), one.places) for one in stations_of(session, sitting.id)
        ),
        window=min(int((sitting.closes_at - sitting.opens_at).total_seconds() // 60), LONGEST_DAY),
        rules=Rules(
            span=sitting.minutes, gap=rules.gap_minutes, stretch=rules.attend_minutes, rest=rules.rest_minutes,
            capacity=rules.people_at_once or sitting.site.capacity, max_first=part.max_first,
            max_second=part.max_second, ratio=part.examiner_ratio, at_least=part.examiners_at_least,
        ),
        longer=_longer(session, sitting),
    )  # fmt: skip


def former_plans(session: Session, sitting: ExamSession, seats: AbstractSet[int]) -> dict[int, Plan]:
    """What stands for those who have two examiners and all their turns."""
    two = (SheetOrder.FIRST, SheetOrder.SECOND)
    wanted = select(RubricSheet.seat_id, RubricSheet.order, RubricSheet.examiner_id).join(Seat)
    pairs: dict[int, dict[str, int]] = {}
    for seat_id, order, examiner in session.execute(
        wanted.where(Seat.session_id == sitting.id, RubricSheet.order.in_(two))
    ):
        pairs.setdefault(seat_id, {})[order] = examiner
    turns: dict[int, list[Turn]] = {}
    for row in turns_of_session(session, sitting.id):
        start = int((row.starts_at - sitting.opens_at).total_seconds() // 60)
        turns.setdefault(row.seat_id, []).append(Turn(row.slot, row.station_id, row.place, start, row.minutes))
    count = len(practical_part(sitting).tasks)
    return {
        seat_id: Plan(pair[SheetOrder.FIRST], pair[SheetOrder.SECOND], tuple(turns[seat_id]))
        for seat_id, pair in pairs.items()
        if seat_id in seats and len(pair) == len(two) and len(turns.get(seat_id, ())) == count
    }


def keep_turns(session: Session, sitting: ExamSession, roster: Mapping[int, Plan]) -> None:
    """The rows as the roster has them; what stays keeps its row."""
    rows = {(row.seat_id, row.slot): row for row in turns_of_session(session, sitting.id)}
    for seat_id, plan in roster.items():
        for turn in plan.turns:
            row = rows.pop((seat_id, turn.slot), None) or StationTurn(seat_id=seat_id, slot=turn.slot)
            row.station_id, row.place, row.minutes = turn.station, turn.place, turn.minutes
            row.starts_at = sitting.opens_at + timedelta(minutes=turn.start)
            session.add(row)
    for row in rows.values():
        session.delete(row)
    session.flush()


def named(refusal: Refusal, seats: Iterable[Seat]) -> Refusal:
    """The refusal with seats and names instead of rows."""
    known = {seat.id: seat for seat in seats}
    told = [known[one] for one in refusal.details.get("candidates", ()) if one in known]
    names = ", ".join(f"{seat.number} {seat.application.candidate.name}" for seat in told)
    for key in ("candidate", "candidates"):
        if key in refusal.params:
            refusal.params[key] = names
    if "slots" in refusal.params:
        refusal.params["slots"] = [f"task_{slot}" for slot in refusal.details.get("slots", ())]
    refusal.details["seats"] = [seat.number for seat in told]
    refusal.details.pop("candidates", None)
    for way in refusal.details.get("remedies", ()):
        for remedy in way:
            if "candidates" in remedy:
                remedy["seats"] = [known[one].number for one in remedy.pop("candidates") if one in known]
    return refusal


def _longer(session: Session, sitting: ExamSession) -> dict[tuple[int, str], int]:
    """More minutes for persons granted them, and for tasks drawn when the scheme had others."""
    minutes = {task.id: task.minutes for task in practical_part(sitting).tasks}
    wanted = select(SeatTask.seat_id, SeatTask.slot, SeatTask.minutes, SeatTask.extra_seconds).join(Seat)
    rows = session.execute(wanted.where(Seat.session_id == sitting.id))
    found = {
        (row.seat_id, row.slot): row.minutes + -(-row.extra_seconds // 60) - minutes[row.slot]
        for row in rows
        if row.slot in minutes
    }
    return {key: more for key, more in found.items() if more}


def _done(session: Session, sitting: ExamSession) -> frozenset[tuple[int, str]]:
    wanted = select(SeatTask.seat_id, SeatTask.slot).join(Seat)
    begun = wanted.where(Seat.session_id == sitting.id, SeatTask.started_at.is_not(None))
    return frozenset((seat_id, slot) for seat_id, slot in session.execute(begun))
