"""flask worker: closes attempts past their time, works on jobs, seals and publishes logs, counts how items fared.

No deadline depends on it: whoever touches an attempt past its time closes it too. It only makes that happen soon.
Several may run, on one host or on many; they share the work batch by batch.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.cli import issuing
from app.cli.archiving import note_keys, renew_proofs
from app.cli.certificate_life import work_on_successions
from app.cli.mailing import send_mail
from app.cli.withdrawn import fetch_lists
from app.core import audit, clock, jobs, logs, metrics
from app.core.db import db
from app.core.errors import Refusal
from app.core.jobs import Job, JobFailedError
from app.delivery import attempts, marking_job
from app.models.exam import Attempt, AttemptState
from app.practical.tasks import work as task_work
from certificates.log import sequencing as public_log
from certificates.log.key import log_key
from certificates.papers.record import seal as record_seal
from certificates.signing.seals import issuers
from proctoring import captures, desk_photos
from question_bank.workshop.usage import refresh_if_due

log = structlog.get_logger()
EVERY = 2.0
LONGEST_WAIT = 30.0
PICTURES_EVERY = 600.0
RECORDS_EVERY = 60.0
_records_again = [0.0]
MARK_AGAIN_AFTER = 600.0
LOG_AGAIN_AFTER = 60.0
_log_again = [0.0]
_pictures_again = [0.0]
_mark_again = dict[int, float]()
BATCH = 200
JOBS = (marking_job.KIND,)
"""The kinds whose modules are loaded here, so that this worker can do them."""


@click.command("worker")
@click.option("--once", is_flag=True, help="One round, then end; exit status 1 if anything went wrong.")
@with_appcontext
def worker(once: bool) -> None:
    """The background work: sweeping deadlines, jobs, sealing the audit log, counting how items fared."""
    if once:
        sys.exit(0 if one_round() else 1)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    log.info("worker_started")
    run_until(stopped)
    issuing.helpers.dismiss()
    log.info("worker_stopped")


def run_until(stopped: Event) -> None:
    """Round after round; after a failed one the next comes later each time, for the database may be restarting."""
    wait = EVERY
    while not stopped.is_set():
        wait = EVERY if one_round() else min(wait * 2, LONGEST_WAIT)
        stopped.wait(wait)


def one_round() -> bool:
    """Everything that is due now; True when all of it went well."""
    parts = (("sweep", sweep), ("tasks", close_tasks), ("mark", mark), ("jobs", work_on_jobs),
             ("orders", work_on_orders), ("successions", work_on_successions), ("seal", seal),
             ("log_register", log_register), ("mail", send_mail),
             ("count_usage", count_usage), ("remove_pictures", remove_pictures),
             ("seal_records", seal_records), ("fetch_lists", fetch_lists),
             ("renew_proofs", renew_proofs), ("note_keys", note_keys))  # fmt: skip
    went_well = [_attempted(name, work) for name, work in parts]
    return all(went_well)


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


def close_tasks() -> int:
    """Ends tasks of a practical that are past their time."""
    closed = 0
    while count := task_work.close_due(db.session(), clock.now(), BATCH):
        db.session.commit()
        closed += count
    return closed


def mark() -> int:
    """Marks who handed in since the last round, batch by batch. One that cannot be marked is tried again later on."""
    marked, after = 0, 0
    while batch := marking_job.handed_in(db.session(), after, BATCH):
        due = [one for one in batch if monotonic() >= _mark_again.get(one, 0.0)]
        broken = marking_job.mark_batch(db.session(), due, clock.now()) if due else {}
        db.session.commit()
        for attempt_id, error in broken.items():
            _mark_again[attempt_id] = monotonic() + MARK_AGAIN_AFTER
            log.error("attempt_not_marked", attempt=attempt_id, error=logs.said(error))
        marked, after = marked + len(due) - len(broken), batch[-1]
    return marked


def work_on_jobs() -> int:
    """Batch after batch until nothing is left; deadlines and the log do not wait for that."""
    batches = _as_long_as(work_on_job)
    metrics.JOBS_WAITING.set(jobs.waiting(db.session()))
    return batches


def work_on_orders() -> int:
    """Certificates that somebody decided to issue, handful after handful."""
    handfuls = _as_long_as(issuing.work_on_orders)
    issuing.count_orders()
    return handfuls


def _as_long_as(there_is: Callable[[], bool]) -> int:
    """Deadlines and the logs do not wait for long work."""
    times, looked = 0, monotonic()
    while there_is():
        times += 1
        if monotonic() - looked > EVERY:
            sweep()
            seal()
            log_register()
            looked = monotonic()
    return times


def work_on_job(only: Job | None = None) -> bool:
    """One batch of a job, committed; False when there is none to be had. One that breaks is put off."""
    try:
        found = jobs.work(db.session(), clock.now(), only)
    except JobFailedError as failure:
        db.session.rollback()
        if isinstance(failure.cause, DBAPIError):
            raise failure.cause from failure
        log.exception("job_failed", job=failure.job_id)
        jobs.failed(db.session(), failure.job_id, f"{type(failure.cause).__name__}: {failure.cause}")
        found = True
    db.session.commit()
    return found


def seal() -> int:
    sealed = 0
    while count := audit.seal(db.session()):
        db.session.commit()
        sealed += count
    return sealed


def log_register() -> int:
    """Enters decisions about certificates in the public log. A log that stands still holds up nothing else."""
    if monotonic() < _log_again[0]:
        return 0
    try:
        key = log_key(current_app.extensions["settings"])
        entered = public_log.sequence(db.session(), key, clock.now()) if key else 0
    except Refusal as refusal:
        db.session.rollback()
        _log_again[0] = monotonic() + LOG_AGAIN_AFTER
        log.error("register_log_stands_still", reason=str(refusal))
        return 0
    db.session.commit()
    return entered


def count_usage() -> int:
    """How items fared, for the bank's lists; seldom, and only when something happened."""
    counted = refresh_if_due(db.session(), clock.now())
    db.session.commit()
    return counted


def remove_pictures() -> int:
    """Those of exams whose time to be kept is over; looked for now and then, for it is counted in days."""
    if monotonic() < _pictures_again[0]:
        return 0
    _pictures_again[0] = monotonic() + PICTURES_EVERY
    removed = 0
    while count := captures.remove_due(db.session(), clock.now()):
        db.session.commit()
        removed += count
    removed += desk_photos.delete_due(db.session(), clock.now())
    db.session.commit()
    return removed


def seal_records() -> int:
    """Room records that all have signed and whose PDF was never sealed; a key that is missing may come later."""
    if monotonic() < _records_again[0]:
        return 0
    _records_again[0] = monotonic() + RECORDS_EVERY
    sealed = record_seal.seal_left_over(db.session(), issuers(current_app.extensions["settings"]), clock.now())
    db.session.commit()
    return sealed


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
            log.info(name, count=count)
    except Exception as error:
        log.warning(f"{name}_failed", error=logs.said(error))
        metrics.ROUNDS.labels(outcome="failed").inc()
        return False
    finally:
        db.session.close()
    metrics.ROUNDS.labels(outcome="done").inc()
    return True
