"""How far each candidate is, counted only where something was saved since the last look.

Counting the answers of ten thousand papers at every look would cost more than saving them. One process remembers what
it counted with the number of the attempt's last change; equal numbers mean equal answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_REMEMBERED = 300_000
_COUNT = text("""
SELECT attempt_id, count(*) FILTER (WHERE cardinality(answer) > 0), count(*) FILTER (WHERE flagged)
  FROM response WHERE attempt_id = ANY(:attempts) GROUP BY attempt_id
""")
Known = tuple[int, datetime | None]
"""The last change of an attempt, and when it began."""


class AnswerCounts:
    def __init__(self) -> None:
        self._kept: dict[int, tuple[Known, int, int]] = {}

    def of(self, session: Session, attempts: Iterable[tuple[int, Known]]) -> dict[int, tuple[int, int]]:
        """(answered, flagged) of each attempt."""
        wanted = dict(attempts)
        stale = [one for one, known in wanted.items() if known[0] == 0 or self._kept.get(one, (None,))[0] != known]
        if stale:
            if len(self._kept) > MOST_REMEMBERED:
                self._kept.clear()
            found: dict[int, Any] = {row[0]: row for row in session.execute(_COUNT, {"attempts": stale})}
            for one in stale:
                row = found.get(one, (one, 0, 0))
                self._kept[one] = (wanted[one], row[1], row[2])
        return {one: self._kept[one][1:] if one in self._kept else (0, 0) for one in wanted}


def answer_counts() -> AnswerCounts:
    """Those of the running application."""
    found: AnswerCounts | None = current_app.extensions.get("answer_counts")
    if found is None:
        found = current_app.extensions["answer_counts"] = AnswerCounts()
    return found
