"""The papers of a practical's day by name: which there are, and each of them as PDF and as workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.models.practical import RubricSheet
from app.practical.marking import register
from app.practical.typed.finish import finished_of
from certificates.papers.practical import excel as practical_excel
from certificates.papers.practical import lists as practical_lists
from certificates.papers.practical import record as practical_record
from certificates.papers.practical import register as practical_register
from certificates.papers.practical import roster as practical_roster
from certificates.papers.practical import scripts as practical_scripts
from certificates.papers.practical import sheets as practical_sheets
from certificates.papers.practical.day import Day, day_of
from certificates.papers.practical.paper import Paper


class Kind(StrEnum):
    ROSTER_TIME = "roster-time"
    ROSTER_STATION = "roster-station"
    ROSTER_EXAMINER = "roster-examiner"
    ADMISSION = "admission"
    SLIPS = "slips"
    STATIONS = "stations"
    CARDS = "cards"
    SCRIPTS = "scripts"
    SHEETS = "sheets"
    REGISTER = "register"
    RECORD = "record"


@dataclass(frozen=True)
class Wanted:
    """Which paper of which session, for whom; `examiner_id` leaves only that examiner's part of it."""

    kind: Kind
    session_id: int
    viewer_id: int
    address: str = ""
    """Where sheets are typed in."""
    examiner_id: int | None = None


def pdf(session: Session, wanted: Wanted) -> bytes:
    from certificates.papers.practical import pdf as practical_pdf
    from certificates.papers.sheet import pdf as sheet_pdf  # fonts are loaded by whoever draws

    if wanted.kind == Kind.SHEETS:
        day = day_of(session, wanted.session_id)
        sheets = _some(practical_sheets.of_session(session, day.sitting, wanted.examiner_id))
        return apart(sheet_pdf.draw, practical_sheets.faces(session, sheets, wanted.address))
    return apart(practical_pdf.draw, paper(session, wanted))


def workbook(session: Session, wanted: Wanted) -> bytes:
    return apart(practical_excel.write, paper(session, wanted))


def paper(session: Session, wanted: Wanted) -> Paper:
    """What stands on it, for both."""
    day = day_of(session, wanted.session_id)
    if not day.people:
        message = N_("The session has no candidates. Add candidates, then print.")
        raise Refusal("session_empty", message, status=409)
    if wanted.kind == Kind.SHEETS:
        sheets = _some(practical_sheets.of_session(session, day.sitting, wanted.examiner_id))
        return practical_sheets.lists(day, sheets)
    if wanted.kind == Kind.ROSTER_EXAMINER:
        return _filled(practical_roster.by_examiner(day, wanted.examiner_id))
    if wanted.kind == Kind.REGISTER:
        return _register(session, day, wanted.viewer_id)
    if wanted.kind == Kind.RECORD:
        return practical_record.paper(session, day, finished_of(session, day.sitting.id))
    if (made := _TASKS.get(wanted.kind)) is not None:
        return _filled(made(session, day), N_("No task was drawn for anybody yet. Allocate the examiners, then print."))
    return _filled(_OF_DAY[wanted.kind](day))


_OF_DAY: dict[Kind, Callable[[Day], Paper]] = {
    Kind.ROSTER_TIME: practical_roster.by_time,
    Kind.ROSTER_STATION: practical_roster.by_station,
    Kind.ADMISSION: practical_lists.admission,
    Kind.SLIPS: practical_lists.slips,
    Kind.STATIONS: practical_lists.station_cards,
}
_TASKS: dict[Kind, Callable[[Session, Day], Paper]] = {
    Kind.CARDS: practical_scripts.cards,
    Kind.SCRIPTS: practical_scripts.scripts,
}
_NOTHING = N_("There is nothing to print on this paper yet. Set up stations and allocate the examiners, then print.")


def _register(session: Session, day: Day, viewer_id: int) -> Paper:
    found = register.present(session, day.sitting.id)
    signed_at = found.signed.signed_at if found.signed else None
    return practical_register.paper(day, found.shown_to(viewer_id), found.digest, signed_at)


def _filled(made: Paper, message: str = _NOTHING) -> Paper:
    if not made.leaves:
        raise Refusal("paper_empty", message, status=409)
    return made


def _some(sheets: list[RubricSheet]) -> list[RubricSheet]:
    if not sheets:
        message = N_("There is no sheet that waits for marks. Allocate the examiners, then print.")
        raise Refusal("paper_empty", message, status=409)
    return sheets
