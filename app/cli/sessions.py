"""flask session prepare | open | close | release | status"""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.models.registration import ExamSession
from app.registration.overview import overview
from app.registration.planning import exam_session
from app.results import conduct

group = AppGroup("session", help="Run a session without the screen.")
_session_id = click.argument("session_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))


@group.command("prepare")
@_session_id
@command
def prepare(session_id: int) -> Any:
    """Draw a paper for every seat, or allocate the examiners of a practical."""
    return _done(conduct.prepare(db.session(), SHELL, session_id, clock.now()))


@group.command("open")
@_session_id
@command
def open_(session_id: int) -> Any:
    """Open the doors, if enough staff is present."""
    return _done(conduct.open_doors(db.session(), SHELL, session_id, clock.now()))


@group.command("close")
@_session_id
@command
def close(session_id: int) -> Any:
    """Close the session; attempts still running are closed and marked."""
    return _done(conduct.close(db.session(), SHELL, session_id, clock.now()))


@group.command("release")
@_session_id
@command
def release(session_id: int) -> Any:
    """Make the results of the session visible to its candidates."""
    return _done(conduct.release_results(db.session(), SHELL, session_id, clock.now()))


@group.command("status")
@_session_id
@command
def status(session_id: int) -> Any:
    """Seats, staff present and needed, and how far the work is."""
    return overview(db.session(), exam_session(db.session(), session_id))


def _done(row: ExamSession) -> Any:
    db.session.commit()
    return overview(db.session(), row)
