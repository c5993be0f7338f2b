"""flask session prepare | open | close | release | status | change"""

from __future__ import annotations

from time import sleep
from typing import Any

import click
from flask.cli import AppGroup

from app.cli import worker
from app.cli.output import SHELL, command
from app.cli.panel_day import change
from app.cli.progress import Bar
from app.core import clock
from app.core.db import db
from app.core.errors import N_
from app.delivery import marking_job
from app.models.registration import ExamSession
from app.registration.overview import overview
from app.registration.planning import exam_session
from app.results import conduct

group = AppGroup("session", help="Run a session without the screen.")
group.add_command(change)
AGAIN_AFTER = 0.2
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
@click.option("--no-wait", is_flag=True, help="Leave the marking of a large session to the worker.")
@command
def close(session_id: int, no_wait: bool) -> Any:
    """Close the session; attempts still running are closed at once, then marked."""
    row = conduct.close(db.session(), SHELL, session_id, clock.now())
    db.session.commit()
    if not no_wait:
        _marked(session_id)
    return overview(db.session(), row)


def _marked(session_id: int) -> None:
    """Marks along with the worker, if one runs, until all is done."""
    with Bar() as bar:
        job, shown = marking_job.job_of(db.session(), session_id), 0
        if job is not None:
            bar.begin(N_("Marking"), job.total)
        while job is not None and job.under_way:
            if not worker.work_on_job(job):
                sleep(AGAIN_AFTER)
            job = marking_job.job_of(db.session(), session_id)
            db.session.rollback()
            if job is not None:
                bar.advance(job.done - shown)
                shown = job.done


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
