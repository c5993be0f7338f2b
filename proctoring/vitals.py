"""How the service stands at this moment, asked of the stores at each scrape: true without the worker, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import metrics
from app.schemes.scheme import schemes
from proctoring.attention import SILENT_AFTER
from proctoring.presence import Presence

_COUNTS = text("""
SELECT clock_timestamp() AS now,
       (SELECT count(*) FROM attempt WHERE state = 'in_progress' AND deadline < clock_timestamp() - :grace) AS due,
       (SELECT count(*) FROM job WHERE state IN ('waiting', 'running')) AS jobs,
       coalesce((SELECT max(id) FROM audit_line), 0) - coalesce((SELECT max(line_id) FROM audit_seal), 0) AS unsealed,
       current_setting('max_connections')::int AS sessions_limit,
       (SELECT count(*) FROM pg_stat_replication) AS standbys,
       (SELECT extract(epoch FROM clock_timestamp() - last_archived_time) FROM pg_stat_archiver) AS archive_age,
       (SELECT failed_count FROM pg_stat_archiver) AS archive_failed
""")
_RUNNING = text("SELECT id, started_at FROM attempt WHERE state = 'in_progress'")
_SESSIONS = text("""
SELECT coalesce(state, 'unknown') AS state, count(*) AS sessions
  FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
""")
_STATES = ("active", "idle", "idle in transaction", "unknown")
UNKNOWN = -1.0


def take(session: Session, presence: Presence) -> None:
    """Sets the gauges that only the stores know; raises what the database raises."""
    counts = session.execute(_COUNTS, {"grace": _least_grace()}).one()
    metrics.CLOSINGS_DUE.set(counts.due)
    metrics.JOBS_WAITING.set(counts.jobs)
    metrics.AUDIT_BEHIND.set(max(0, counts.unsealed))
    metrics.DATABASE_LIMIT.set(counts.sessions_limit)
    metrics.STANDBYS.set(counts.standbys)
    metrics.ARCHIVE_AGE.set(UNKNOWN if counts.archive_age is None else float(counts.archive_age))
    metrics.ARCHIVE_FAILED.set(counts.archive_failed)
    found: Mapping[str, Any] = {row.state: row.sessions for row in session.execute(_SESSIONS)}
    for state in _STATES:
        metrics.DATABASE_SESSIONS.labels(state).set(found.get(state, 0))
    running = session.execute(_RUNNING).all()
    metrics.RUNNING.set(len(running))
    metrics.CLIENTS_LOST.set(_lost(running, presence, counts.now))


def age_of_backup(done_at: float | None, now: float) -> float:
    """Seconds since the last base backup, by this host's clock as its file; -1 when nobody told."""
    return UNKNOWN if done_at is None else max(0.0, now - done_at)


def _lost(running: Sequence[Any], presence: Presence, now: datetime) -> float:
    """Those without a sign for as long as the board waits before it says so; -1 when nobody can say."""
    since = now - SILENT_AFTER
    settled = [row.id for row in running if row.started_at is not None and row.started_at < since]
    seen = presence.seen(settled)
    return UNKNOWN if seen is None else sum(1 for one in settled if one not in seen or seen[one] < since)


def _least_grace() -> timedelta:
    return min((level.theory.grace for one in schemes().values() for level in one.levels), default=timedelta())
