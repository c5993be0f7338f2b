"""flask session change: what happened to a practical on the day, without the screen."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select

from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.account import User
from app.models.registration import ExamSession, Seat, Tie
from app.practical.panels import absence
from app.practical.panels.stations import stations_of
from app.practical.sittings import examiners_of, practical_session

KINDS = ("candidate_absent", "candidate_came", "examiner_absent", "station_out", "station_back", "conflict")


@click.command("change")
@click.argument("session_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("about", metavar="WHO")
@click.option("--examiner", default="", help="Of a conflict: the examiner's user name.")
@click.option("--tie", type=click.Choice([tie.value for tie in Tie]), default=Tie.DECLARED.value, show_default=True)
@click.option("--reason", required=True, help="Kept with the change.")
@command
def change(session_id: int, kind: str, about: str, examiner: str, tie: str, reason: str) -> Any:
    """Solve again with as little changed as can be. WHO is a seat's number, an examiner's user name or a station."""
    session = db.session()
    sitting = practical_session(session, session_id)
    made = absence.happened(
        session, SHELL, session_id, kind, _meant(sitting, kind, about), reason=reason,
        user_id=_examiner(sitting, examiner).id if examiner else None, tie=tie, now=clock.now(),
    )  # fmt: skip
    session.commit()
    return {"change": made.id, "subject": made.subject, "changed": len(made.lines), "lines": made.lines}


def _meant(sitting: ExamSession, kind: str, about: str) -> int:
    if kind == "examiner_absent":
        return _examiner(sitting, about).id
    if kind.startswith("station"):
        found = [one.id for one in stations_of(db.session(), sitting.id) if one.name == about]
        if not found:
            message = N_("Session %(session)s has no station “%(name)s”. Give its name as the panel page shows it.")
            raise Refusal("station_unknown", message, status=404, session=sitting.id, name=about)
        return found[0]
    number = int(about) if about.isdecimal() and len(about) < 10 else 0
    seat = db.session().scalar(select(Seat.id).where(Seat.session_id == sitting.id, Seat.number == number))
    if seat is None:
        message = N_("Session %(session)s has no seat %(name)s. Give the number of a seat.")
        raise Refusal("seat_unknown", message, status=404, session=sitting.id, name=about)
    return seat


def _examiner(sitting: ExamSession, username: str) -> User:
    found = [one for one in examiners_of(db.session(), sitting) if one.username == username]
    if not found:
        message = N_("No examiner of session %(session)s has the user name “%(name)s”.")
        raise Refusal("examiner_unknown", message, status=404, session=sitting.id, name=username)
    return found[0]
