"""flask worker: closes attempts past their time, seals the audit log and counts how items fared.

Nothing depends on it: whoever touches an attempt past its deadline closes it too. It only makes that happen soon.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import UTC
from threading import Event
from typing import Any

import click
import structlog
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.core import audit, clock
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt, AttemptState
from question_bank.workshop.usage import refresh_if_due

log = structlog.get_logger()
EVERY = 2.0
LONGEST_WAIT = 30.0
BATCH = 100


@click.command("worker")
@click.option("--once", is_flag=True, help="One round, then end; exit status 1 if anything went wrong.")
@with_appcontext
def worker(once: bool) -> None:
    """The background work: sweeping deadlines, sealing the audit log, counting how items fared."""
    if once:
        sys.exit(0 if one_round() else 1)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    log.info("worker_started")
    run_until(stopped)
    log.info("worker_stopped")


def run_until(stopped: Event) -> None:
    """Round after round; after a failed one the next comes later each time, for the database may be restarting."""
    wait = EVERY
    while not stopped.is_set():
        wait = EVERY if one_round() else min(wait * 2, LONGEST_WAIT)
        stopped.wait(wait)


def one_round() -> bool:
    """Everything that is due now; True when all of it went well."""
    return all([_attempted("sweep", sweep), _attempted("seal", seal), _attempted("count_usage", count_usage)])


def sweep() -> int:
    """Closes what is past its time, batch by batch; one attempt that cannot be closed holds up no other."""
    closed = 0
    try:
        while count := attempts.sweep(db.session(), clock.now(), BATCH):
            db.session.commit()
            closed += count
    except DBAPIError:
        raise
    except Exception:
        db.session.rollback()
        log.exception("sweep_batch_failed")
        closed += _one_by_one()
    return closed


def seal() -> int:
    sealed = 0
    while count := audit.seal(db.session()):
        db.session.commit()
        sealed += count
    return sealed


def count_usage() -> int:
    """How items fared, for the bank's lists; seldom, and only when something happened."""
    counted = refresh_if_due(db.session(), clock.now())
    db.session.commit()
    return counted


def _one_by_one() -> int:
    due = select(Attempt.id).where(Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline < clock.now())
    closed = 0
    for attempt_id in db.session.scalars(due.order_by(Attempt.deadline)).all():
        try:
            closed += attempts.close_if_due(db.session(), attempt_id, clock.now())
            db.session.commit()
        except DBAPIError:
            raise
        except Exception:
            db.session.rollback()
            log.exception("attempt_not_closed", attempt=attempt_id)
    return closed


def _attempted(name: str, work: Callable[[], Any]) -> bool:
    try:
        if count := work():
            log.info(name, count=count, at=clock.now().astimezone(UTC).isoformat())
    except Exception as error:
        log.warning(f"{name}_failed", error=str(error))
        return False
    finally:
        db.session.close()
    return True
