"""Silences that ended, written down as evidence. Whoever was heard again lost nothing by a slow or absent database:
what could not be written is tried again, and never disturbs the saving of answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from proctoring.attention import SILENT_AFTER

SIGN_EVERY = 5.0
"""Seconds between two signs of one process that the service is at work."""
MOST_KEPT = 100_000

_GAPS = text("""
INSERT INTO connection_gap (attempt_id, from_at, until_at, source, waiting)
SELECT a.id, greatest(g.from_at, a.started_at), g.until_at, g.source, g.waiting
  FROM json_to_recordset(CAST(:gaps AS json))
       AS g(attempt_id bigint, from_at timestamptz, until_at timestamptz, source text, waiting bigint)
  JOIN attempt a ON a.id = g.attempt_id AND a.started_at < g.until_at
ON CONFLICT DO NOTHING
""")
_WAS_AWAY = text("""
WITH before AS (SELECT at FROM service_sign WHERE id = 1 FOR UPDATE)
INSERT INTO service_outage (from_at, until_at)
SELECT at, clock_timestamp() FROM before WHERE at < clock_timestamp() - CAST(:silence AS interval)
""")
_AT_WORK = text("""
INSERT INTO service_sign (id, at) VALUES (1, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET at = excluded.at
""")


@dataclass(frozen=True)
class Silence:
    attempt_id: int
    from_at: datetime
    until_at: datetime
    source: str
    waiting: int = 0


class Keeper:
    """Writes silences, and now and then that the service is at work; what fails waits for the next call."""

    def __init__(self, engine: Engine, silence: timedelta = SILENT_AFTER) -> None:
        self._engine, self._silence = engine, silence
        self._waiting = list[Silence]()
        self._signed = float("-inf")

    def due_at_once(self) -> None:
        self._signed = float("-inf")

    def __call__(self, ended: Sequence[Silence], moment: float) -> None:
        self._waiting = [*self._waiting, *ended][-MOST_KEPT:]
        due = moment - self._signed >= SIGN_EVERY
        if not (due or self._waiting):
            return
        some, self._waiting = self._waiting, []
        try:
            with self._engine.begin() as link:
                if due:
                    link.execute(_WAS_AWAY, {"silence": self._silence})
                    link.execute(_AT_WORK)
                if some:
                    link.execute(_GAPS, {"gaps": json.dumps([one.__dict__ for one in some], default=str)})
        except SQLAlchemyError:
            self._waiting = [*some, *self._waiting][-MOST_KEPT:]
            return
        if due:
            self._signed = moment
