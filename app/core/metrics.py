"""The figures an operator watches, counted where things happen and added up over all processes by /metrics.

A serving process (gunicorn, the worker) is started with PROMETHEUS_MULTIPROC_DIR, a folder on this host that all of
them share (metrics_folder.py). Without it the figures are those of one process, as in tests and one-off commands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from app.core.metrics_folder import VARIABLE

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5)
_SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

SAVES = Counter("exam_saves_total", "Changes stored and acknowledged")
SAVE_SECONDS = Histogram("exam_save_seconds", "From the arrival of a batch to its answer", buckets=_QUICK)
SAVE_GROUP = Histogram(
    "exam_save_group_size", "Batches that one commit made durable", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
SAVE_QUEUE = Gauge("exam_save_queue", "Batches waiting for their commit", multiprocess_mode="livesum")
UNSAVED_LAG = Histogram(
    "exam_unsaved_lag_seconds", "How long the oldest unsent change had waited in the browser, as the browser tells",
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
)  # fmt: skip
REFUSED = Counter("exam_refused_total", "Requests refused, by the code of the refusal", ["code"])
STARTS = Counter("exam_starts_total", "Attempts begun, continued or taken over")
START_SECONDS = Histogram("exam_start_seconds", "From the wish to start to the paper", buckets=_SLOW)
START_GROUP = Histogram("exam_start_group_size", "Starts that one commit made durable", buckets=(1, 2, 4, 8, 16, 32))
CLOSED = Counter("exam_closed_total", "Attempts closed, by how", ["how"])
REQUESTS = Counter("exam_requests_total", "Requests answered", ["route", "status"])
REQUEST_SECONDS = Histogram("exam_request_seconds", "From the arrival of a request to its answer", buckets=_SLOW)
ROUNDS = Counter("exam_worker_rounds_total", "Rounds of the background worker, by outcome", ["outcome"])

_LATEST: Final = "mostrecent"
RUNNING = Gauge("exam_attempts_running", "Attempts in progress", multiprocess_mode=_LATEST)
CLIENTS_LOST = Gauge(
    "exam_clients_lost", "Attempts in progress without a sign of life; -1 unknown", multiprocess_mode=_LATEST
)
CLOSINGS_DUE = Gauge("exam_closings_due", "Attempts past their time and not closed yet", multiprocess_mode=_LATEST)
JOBS_WAITING = Gauge("exam_jobs_waiting", "Jobs waiting for the worker or under way", multiprocess_mode=_LATEST)
ORDERS_WAITING = Gauge(
    "exam_certificate_orders_waiting", "Certificates ordered and not issued yet, by what they wait for", ["why"],
    multiprocess_mode=_LATEST,
)  # fmt: skip
AUDIT_BEHIND = Gauge("exam_audit_behind", "Audit lines written but not yet chained", multiprocess_mode=_LATEST)
DATABASE_UP = Gauge("exam_database_up", "1 if the database answered this scrape", multiprocess_mode=_LATEST)
DATABASE_SESSIONS = Gauge("exam_database_sessions", "Sessions of this database", ["state"], multiprocess_mode=_LATEST)
DATABASE_LIMIT = Gauge("exam_database_sessions_limit", "Sessions the server allows", multiprocess_mode=_LATEST)
REDIS_UP = Gauge("exam_redis_up", "1 if Redis answered this scrape", multiprocess_mode=_LATEST)
STANDBYS = Gauge("exam_standbys", "Standby servers receiving the log, if this role may see them",
                 multiprocess_mode=_LATEST)  # fmt: skip
ARCHIVE_AGE = Gauge("exam_archive_age_seconds", "Since a log file was archived; -1 never", multiprocess_mode=_LATEST)
ARCHIVE_FAILED = Gauge("exam_archive_failed", "Log files that could not be archived", multiprocess_mode=_LATEST)
BACKUP_AGE = Gauge("exam_backup_age_seconds", "Since the last base backup; -1 unknown", multiprocess_mode=_LATEST)
PROOFS_DUE = Gauge(
    "exam_certificate_proofs_due", "Certificates whose time stamp is due to be renewed", multiprocess_mode=_LATEST
)
PROOFS_FAILED = Gauge(
    "exam_certificate_proofs_failed", "Certificates whose time stamp could not be renewed", multiprocess_mode=_LATEST
)
KEY_DAYS = Gauge("exam_key_days_left", "Until the first key of a use ends; -1 none", ["use"], multiprocess_mode=_LATEST)
POOL_IN_USE = Gauge("exam_pool_in_use", "Connections lent to requests, of all pools", multiprocess_mode="livesum")
POOL_SIZE = Gauge("exam_pool_size", "Connections the pools may hold at most", multiprocess_mode="livesum")


def exposition(environ: Mapping[str, str] = os.environ) -> bytes:
    """Everything in the text form of Prometheus: of all processes that share the folder, or of this one."""
    if VARIABLE not in environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, environ[VARIABLE])  # type: ignore[no-untyped-call]
    return generate_latest(together)
