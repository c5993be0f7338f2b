"""The worker's part in issuing: orders that are due, some at a time, and helpers on the other cores for long queues."""

from __future__ import annotations

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from app.config import Settings
from app.core import clock, metrics
from app.core.db import db
from certificates.batches import progress
from certificates.batches.helpers import Helpers
from certificates.batches.taking import take_and_work
from certificates.signing.seals import issuers

log = structlog.get_logger()
helpers = Helpers()


def work_on_orders() -> bool:
    """A handful of orders, committed; False when none is due that nobody else holds."""
    settings: Settings = current_app.extensions["settings"]
    now = clock.now()
    worked = take_and_work(db.session(), now, issuers(settings))
    if worked:
        _call_helpers(db.session(), settings)
    return worked


def count_orders() -> None:
    due, delayed = progress.waiting(db.session(), clock.now())
    metrics.ORDERS_WAITING.labels(why="turn").set(due)
    metrics.ORDERS_WAITING.labels(why="outage").set(delayed)


def _call_helpers(session: Session, settings: Settings) -> None:
    """One for each further core, as long as the queue is worth the start of a process."""
    if helpers.wanted(settings):
        due, _ = progress.waiting(session, clock.now())
        helpers.call(settings, due)
