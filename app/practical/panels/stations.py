"""The stations of a practical session and its rules: set by the registrar before anything is solved with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import is_plain, tidy
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, SessionState
from app.models.stations import PanelRules, PracticalStation, StationTurn
from app.practical.sittings import locked_sitting, practical_part

LONGEST_NAME = 60
MOST_PLACES = 500
MOST_STATIONS = 1_000
LONGEST_RULE = 480


@dataclass(frozen=True)
class StationWanted:
    name: str
    slots: tuple[str, ...]
    places: int = 1


@dataclass(frozen=True)
class RulesWanted:
    """The minutes left out are those of the scheme."""

    attend_minutes: int | None = None
    rest_minutes: int | None = None
    gap_minutes: int | None = None
    people_at_once: int | None = None


def stations_of(session: Session, session_id: int) -> list[PracticalStation]:
    wanted = select(PracticalStation).where(PracticalStation.session_id == session_id)
    return list(session.scalars(wanted.order_by(PracticalStation.id)))


def turns_of(session: Session, seat_id: int) -> list[StationTurn]:
    """A candidate's turns in the order of time; none where the session has no stations."""
    return list(
        session.scalars(select(StationTurn).where(StationTurn.seat_id == seat_id).order_by(StationTurn.starts_at))
    )


def in_turn_order(session: Session, sheets: Sequence[RubricSheet]) -> list[tuple[RubricSheet, StationTurn | None]]:
    """An examiner's sheets, within each session in the order in which the candidates come before them."""
    firsts: dict[int, StationTurn] = {}
    wanted = select(StationTurn).where(StationTurn.seat_id.in_({sheet.seat_id for sheet in sheets}))
    for turn in session.scalars(wanted.order_by(StationTurn.starts_at.desc())):
        slot = practical_part(turn.seat.session).task(turn.slot)
        if slot is not None and slot.attended:
            firsts[turn.seat_id] = turn
    found = [(sheet, firsts.get(sheet.seat_id)) for sheet in sheets]
    key = {sheet.seat.session_id: place for place, sheet in reversed(list(enumerate(sheets)))}
    return sorted(found, key=lambda one: (key[one[0].seat.session_id], one[1].starts_at.timestamp() if one[1] else 0))


def turns_of_session(session: Session, session_id: int) -> list[StationTurn]:
    wanted = select(StationTurn).join(Seat).where(Seat.session_id == session_id)
    return list(session.scalars(wanted.order_by(StationTurn.starts_at, StationTurn.id)))


@dataclass(frozen=True)
class RulesStanding:
    attend_minutes: int
    rest_minutes: int
    gap_minutes: int
    people_at_once: int | None


def rules_of(session: Session, sitting: ExamSession) -> RulesStanding:
    """The session's own rules, or else those of its scheme."""
    row = session.get(PanelRules, sitting.id)
    if row is None:
        return _filled(sitting, RulesWanted())
    return RulesStanding(row.attend_minutes, row.rest_minutes, row.gap_minutes, row.people_at_once)


def set_stations(
    session: Session, actor: Actor, session_id: int, wanted: Sequence[StationWanted], now: datetime
) -> list[PracticalStation]:
    """These and no others; whoever is known by name stays the same station. Turns wait to be solved again."""
    sitting = _not_begun(session, session_id)
    names = [tidy(one.name) for one in wanted]
    for one, name in zip(wanted, names, strict=True):
        _check(sitting, one, name)
    if double := next((name for name in names if names.count(name) > 1), None):
        raise Refusal("station_twice", N_("“%(name)s” stands twice. Give each station its own name."), name=double)
    standing = {one.name: one for one in stations_of(session, session_id)}
    seats = select(Seat.id).where(Seat.session_id == session_id)
    session.execute(delete(StationTurn).where(StationTurn.seat_id.in_(seats)))
    for name, row in standing.items():
        if name not in names:
            session.delete(row)
    session.flush()
    for one, name in zip(wanted, names, strict=True):
        kept = standing.get(name)
        if kept is None:
            session.add(PracticalStation(session_id=session_id, name=name, slots=list(one.slots), places=one.places))
        else:
            kept.slots, kept.places, kept.out_of_order_at = list(one.slots), one.places, None
        session.flush()
    told = {name: [list(one.slots), one.places] for one, name in zip(wanted, names, strict=True)}
    audit.record(session, "panel:stations:set", actor, "session", session_id, stations=told)
    return stations_of(session, session_id)


def set_rules(session: Session, actor: Actor, session_id: int, asked: RulesWanted) -> RulesStanding:
    wanted = _filled(_not_begun(session, session_id), asked)
    figures = (wanted.attend_minutes, wanted.rest_minutes, wanted.gap_minutes)
    if not (1 <= figures[0] <= LONGEST_RULE and 0 <= figures[1] <= LONGEST_RULE and 0 <= figures[2] <= LONGEST_RULE):
        message = N_("Attending, rest and gap are whole minutes up to %(most)s; attending is at least 1.")
        raise Refusal("panel_rules_invalid", message, most=LONGEST_RULE)
    if wanted.people_at_once is not None and wanted.people_at_once < 1:
        message = N_("At least one candidate must be let in at a time. Give 1 or more, or leave it to the site.")
        raise Refusal("panel_capacity_invalid", message)
    row = session.get(PanelRules, session_id) or PanelRules(session_id=session_id)
    row.attend_minutes, row.rest_minutes, row.gap_minutes = figures
    row.people_at_once = wanted.people_at_once
    session.add(row)
    audit.record(
        session, "panel:rules:set", actor, "session", session_id,
        attend=figures[0], rest=figures[1], gap=figures[2], people=wanted.people_at_once,
    )  # fmt: skip
    session.flush()
    return wanted


def _filled(sitting: ExamSession, asked: RulesWanted) -> RulesStanding:
    own = practical_part(sitting).timetable
    return RulesStanding(
        own.attend_minutes if asked.attend_minutes is None else asked.attend_minutes,
        own.rest_minutes if asked.rest_minutes is None else asked.rest_minutes,
        own.gap_minutes if asked.gap_minutes is None else asked.gap_minutes,
        asked.people_at_once,
    )


def suggested(sitting: ExamSession, candidates: int, examiners: int) -> list[StationWanted]:
    """A set of stations to begin with: one for each pair, and a computer room with places for all who wait."""
    part = practical_part(sitting)
    attended = tuple(task.id for task in part.tasks if task.attended)
    alone = tuple(task.id for task in part.tasks if not task.attended)
    found = [StationWanted(f"考位{number}", attended) for number in range(1, examiners // 2 + 1) if attended]
    if alone:
        found.append(StationWanted("机房", alone, max(1, min(candidates, 3 * max(1, examiners // 2), MOST_PLACES))))
    return found


def _not_begun(session: Session, session_id: int) -> ExamSession:
    sitting = locked_sitting(session, session_id)
    if sitting.state not in (SessionState.PLANNED, SessionState.PREPARED):
        message = N_("The session is open: its stations and rules stand. A station can be put out of order.")
        raise Refusal("panel_fixed", message, status=409)
    return sitting


def _check(sitting: ExamSession, one: StationWanted, name: str) -> None:
    if not name or len(name) > LONGEST_NAME or not is_plain(name):
        message = N_("A station needs a name of at most %(most)s plain characters.")
        raise Refusal("station_name_invalid", message, most=LONGEST_NAME)
    part = practical_part(sitting)
    unknown = [slot for slot in one.slots if part.task(slot) is None]
    if unknown or not one.slots:
        message = N_("Station “%(name)s”: choose its tasks among those of the level: %(known)s.")
        known = [f"task_{task.kind}" for task in part.tasks]
        raise Refusal("station_tasks_unknown", message, details={"unknown": unknown}, name=name, known=known)
    attended = {task.attended for slot in one.slots if (task := part.task(slot))}
    if len(attended) > 1:
        message = N_(
            "Station “%(name)s” mixes tasks before examiners with tasks at a computer. Make two stations of it."
        )
        raise Refusal("station_mixed", message, name=name)
    if not 1 <= one.places <= MOST_PLACES or (attended == {True} and one.places != 1):
        message = N_("Station “%(name)s”: 1 place before examiners, 1 to %(most)s at computers.")
        raise Refusal("station_places_invalid", message, name=name, most=MOST_PLACES)
