"""Up to which line the log is sealed for good, so that sealing looks at what is new and not at years of lines.

Lines take their numbers before they are committed, so a line may turn up below others that are sealed already. It can
no longer do so once every transaction that was under way when those were seen is over, which the database tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from sqlalchemy import text
from sqlalchemy.orm import Session

LEAST_AGE = 60.0
"""Seconds beside that: between taking its number and being a transaction at all, a line is known to nobody."""
_LOOK = text("""
SELECT s.line_id, s.seq, s.hash, (SELECT hash FROM audit_seal WHERE seq = :seq) AS standing,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next
  FROM audit_seal s ORDER BY s.line_id DESC LIMIT 1
""")


@dataclass(frozen=True)
class _Seen:
    """The furthest line that was sealed at some moment, and the first transaction that began after it."""

    line_id: int = 0
    seq: int = 0
    hash: str = ""
    next: int = 0
    at: float = 0.0


class Floor:
    """What one process knows of it. It begins with nothing, and again after the log was restored or emptied."""

    def __init__(self) -> None:
        self._floor, self._seen, self._ripe = _Seen(), _Seen(), False

    def look(self, session: Session) -> int:
        """The number above which a line may still wait; to be asked before those are read."""
        found = session.execute(_LOOK, {"seq": self._floor.seq}).first()
        if found is None or (self._floor.seq and found.standing != self._floor.hash):
            self._floor = self._seen = _Seen()
        if found is not None and not self._seen.seq:
            self._seen = _Seen(found.line_id, found.seq, found.hash, found.next, monotonic())
        self._ripe = found is not None and found.oldest >= self._seen.next and monotonic() - self._seen.at >= LEAST_AGE
        return self._floor.line_id

    def learn(self, waiting: list[int]) -> None:
        """`waiting` is what was read after the look, still unsealed."""
        if self._ripe and not any(line_id <= self._seen.line_id for line_id in waiting):
            self._floor, self._seen = self._seen, _Seen()
