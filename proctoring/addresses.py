"""The network address each attempt is heard from, and the signal when it changes.

A process remembers the address it last heard each attempt from; only what differs is written, gathered for a second,
in one statement for all. Every process finds out for itself, and the statement notices what another has written.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.db import db

AFTER = 1.0
MOST_REMEMBERED = 200_000
LONGEST = 64
log = structlog.get_logger()
_making = threading.Lock()

WRITE = text("""
WITH heard AS (
    SELECT h.attempt_id, h.address
      FROM unnest(CAST(:attempts AS bigint[]), CAST(:addresses AS text[])) h(attempt_id, address)
      JOIN attempt a ON a.id = h.attempt_id
      LEFT JOIN session_integrity t ON t.session_id = a.session_id
     WHERE t.session_id IS NULL OR 'address' = ANY (t.signals)
), before AS (
    SELECT s.attempt_id, s.address FROM attempt_address s JOIN heard USING (attempt_id)
     WHERE s.address <> heard.address ORDER BY s.attempt_id FOR UPDATE OF s
), now_known AS (
    INSERT INTO attempt_address (attempt_id, address, since)
    SELECT attempt_id, address, clock_timestamp() FROM heard ORDER BY attempt_id
    ON CONFLICT (attempt_id) DO UPDATE SET address = excluded.address, since = excluded.since
     WHERE attempt_address.address <> excluded.address
)
INSERT INTO integrity_signal (attempt_id, kind, data)
SELECT b.attempt_id, 'address', jsonb_build_object('before', b.address, 'after', h.address)
  FROM before b JOIN heard h USING (attempt_id)
""")


def write(session: Session, heard: Mapping[int, str]) -> None:
    """The addresses as they are now, where they are recorded; a signal for each that changed. Commit afterwards."""
    session.execute(WRITE, {"attempts": list(heard), "addresses": list(heard.values())})


class Addresses:
    """What one process knows and has still to write."""

    def __init__(self, app: Flask) -> None:
        self.pid, self._app = os.getpid(), app
        self._known: dict[int, str] = {}
        self._waiting: dict[int, str] = {}
        self._lock = threading.Lock()

    def seen(self, attempt_id: int, address: str) -> None:
        """Costs a look into a dictionary as long as nothing changed."""
        if self._known.get(attempt_id) == address or not address:
            return
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[attempt_id] = address
            first = not self._waiting
            self._waiting[attempt_id] = address[:LONGEST]
        if first and not self._app.testing:
            timer = threading.Timer(AFTER, self.pass_on)
            timer.daemon = True
            timer.start()

    def pass_on(self) -> None:
        """Never fails: what could not be written is noticed anew at the next request."""
        with self._lock:
            heard, self._waiting = self._waiting, {}
        if not heard:
            return
        try:
            with self._app.app_context():
                write(db.session(), heard)
                db.session.commit()
        except Exception as error:
            log.warning("addresses_lost", count=len(heard), error=str(error))
            with self._lock:
                for attempt_id in heard:
                    self._known.pop(attempt_id, None)


def of_app(app: Flask) -> Addresses:
    """Those of this process."""
    found: Addresses | None = app.extensions.get("addresses")
    if found is None or found.pid != os.getpid():
        with _making:
            found = app.extensions.get("addresses")
            if found is None or found.pid != os.getpid():
                found = app.extensions["addresses"] = Addresses(app)
    return found
