"""Stations for a practical session, as a registrar sets them up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.registration import ExamSession
from app.models.stations import PracticalStation
from app.practical.panels import stations
from app.practical.panels.stations import StationWanted
from tests.factories import practical

ATTENDED = ("call", "complaint", "sale")
ALONE = ("chat", "ticket", "typing", "faults")


def with_stations(
    session: Session, *, candidates: int = 4, examiners: int = 4, desks: int = 2, computers: int = 8
) -> ExamSession:
    """A planned junior practical with stations before examiners and a computer room."""
    exam = practical.practical_session(session, candidates=candidates, examiners=examiners)
    rows = [StationWanted(f"desk {number}", ATTENDED) for number in range(1, desks + 1)]
    stations.set_stations(
        session, practical.REGISTRAR, exam.id, [*rows, StationWanted("room", ALONE, computers)], clock_now()
    )
    return exam


def station(session: Session, exam: ExamSession, name: str) -> PracticalStation:
    return next(one for one in stations.stations_of(session, exam.id) if one.name == name)
