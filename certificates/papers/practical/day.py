"""The day of a practical as its papers need it: candidates, examiners, stations and turns, read in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.practical import RubricSheet, SheetOrder
from app.models.registration import Application, Candidate, ExamSession, Seat
from app.models.stations import PracticalStation, StationTurn
from app.practical.marking.heads import head_of
from app.practical.marking.rubric import EXAMINERS
from app.practical.panels.day_roster import absent_seats
from app.practical.panels.stations import stations_of
from app.practical.sittings import examiners_of, practical_part, practical_session
from app.registration.facts import BODY_ZONE
from app.schemes.scheme import Level, TaskSlot, scheme
from certificates.papers.practical import wording


@dataclass(frozen=True)
class Turn:
    slot: TaskSlot | None
    slot_id: str
    station: str
    station_id: int
    place: int
    places: int
    begins: datetime
    minutes: int

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(minutes=self.minutes)

    @property
    def where(self) -> str:
        return f"{self.station}-{self.place}" if self.places > 1 else self.station

    @property
    def task(self) -> str:
        return wording.task(self.slot.kind if self.slot else self.slot_id)

    @property
    def attended(self) -> bool:
        return self.slot is not None and self.slot.attended


@dataclass(frozen=True)
class Examiner:
    id: int
    name: str


@dataclass(frozen=True)
class Person:
    """A candidate's seat with who examines it."""

    seat_id: int
    number: int
    name: str
    identity: str
    absent: bool = False
    examiners: Mapping[str, Examiner] = field(default_factory=dict)
    """By order: first, second, third."""
    turns: Sequence[Turn] = ()

    @property
    def begins(self) -> datetime | None:
        return self.turns[0].begins if self.turns else None

    def examiner(self, order: str) -> str:
        found = self.examiners.get(order)
        return found.name if found else ""


@dataclass(frozen=True)
class Day:
    sitting: ExamSession
    level: Level
    people: Sequence[Person]
    stations: Sequence[PracticalStation]
    head: str
    examiners: Sequence[Examiner]

    @property
    def line(self) -> str:
        """Names the session at the foot of every page."""
        one = self.sitting
        return f"场次 {one.id}  {self.level.name}  {plain(one.site.name)}  {moment(one.opens_at)}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        one, found = self.sitting, scheme(self.sitting.scheme)
        until = clock(one.closes_at) if same_day(one) else moment(one.closes_at)
        return [
            (wording.FACTS["scheme"], f"{found.name}（{found.code}）"),
            (wording.FACTS["level"], f"{self.level.name} {self.level.name_en}"),
            (wording.FACTS["site"], plain(f"{one.site.name} {one.site.address}")),
            (wording.FACTS["time"], f"{moment(one.opens_at)} – {until}"),
            (wording.FACTS["session"], str(one.id)),
            (wording.FACTS["count"], str(len(self.people))),
        ]


def day_of(session: Session, session_id: int) -> Day:
    sitting = practical_session(session, session_id)
    head = head_of(session, session_id)
    found = session.get(User, head) if head is not None else None
    return Day(
        sitting, scheme(sitting.scheme).level(sitting.level), _people(session, sitting),
        stations_of(session, session_id), found.name if found else "",
        [Examiner(user.id, user.name) for user in examiners_of(session, sitting)],
    )  # fmt: skip


def moment(at: datetime | None) -> str:
    return f"{at.astimezone(BODY_ZONE):%Y-%m-%d %H:%M}" if at else "—"


def clock(at: datetime | None) -> str:
    return f"{at.astimezone(BODY_ZONE):%H:%M}" if at else "—"


def same_day(sitting: ExamSession) -> bool:
    return sitting.opens_at.astimezone(BODY_ZONE).date() == sitting.closes_at.astimezone(BODY_ZONE).date()


def plain(text: str) -> str:
    return " ".join(text.split())


def _people(session: Session, sitting: ExamSession) -> list[Person]:
    marking, turns, absent = _marking(session, sitting), _turns(session, sitting), absent_seats(session, sitting.id)
    query = (
        select(Seat.id, Seat.number, Candidate.name, Candidate.identity_masked)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Seat.session_id == sitting.id)
        .order_by(Seat.number)
    )
    return [
        Person(seat, number, name, masked, seat in absent, marking.get(seat, {}), turns.get(seat, ()))
        for seat, number, name, masked in session.execute(query)
    ]


def _marking(session: Session, sitting: ExamSession) -> dict[int, dict[str, Examiner]]:
    query = (
        select(RubricSheet.seat_id, RubricSheet.order, User.id, User.name)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .join(User, User.id == RubricSheet.examiner_id)
        .where(Seat.session_id == sitting.id, RubricSheet.rater_group == EXAMINERS)
        .where(RubricSheet.order.in_([*SheetOrder]))
    )
    found: dict[int, dict[str, Examiner]] = defaultdict(dict)
    for seat, order, examiner, name in session.execute(query):
        found[seat][order] = Examiner(examiner, name)
    return found


def _turns(session: Session, sitting: ExamSession) -> dict[int, list[Turn]]:
    slots = {slot.id: slot for slot in practical_part(sitting).tasks}
    query = (
        select(StationTurn.seat_id, StationTurn.slot, PracticalStation.name, PracticalStation.id, StationTurn.place,
               PracticalStation.places, StationTurn.starts_at, StationTurn.minutes)
        .join(PracticalStation, PracticalStation.id == StationTurn.station_id)
        .where(PracticalStation.session_id == sitting.id)
        .order_by(StationTurn.starts_at, StationTurn.id)
    )  # fmt: skip
    found: dict[int, list[Turn]] = defaultdict(list)
    for row in session.execute(query):
        seat, slot, name, station, place, places, begins, minutes = row
        found[seat].append(Turn(slots.get(slot), slot, name, station, place, places, begins, minutes))
    return found
