"""Who is here now. Kept in Redis alone: it may vanish at any moment, and then fills again within one heartbeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app

from proctoring.volatile import Volatile, volatile

KEPT = timedelta(hours=6)
AT_MOST_EVERY = 2.0
"""Seconds between two signs of one attempt that are worth writing down."""
MOST_REMEMBERED = 50_000


class Presence:
    """The signs of life as one process writes and reads them."""

    def __init__(self, reach: Volatile) -> None:
        self._reach = reach
        self._last: dict[int, float] = {}

    def beat(self, attempt_id: int, at: datetime) -> None:
        """Writes down a sign of life. Never raises, and waits for an absent store at most once in a while."""
        moment = self._reach.clock()
        if moment - self._last.get(attempt_id, -AT_MOST_EVERY) < AT_MOST_EVERY:
            return
        if len(self._last) >= MOST_REMEMBERED:
            self._last.clear()
        self._last[attempt_id] = moment
        self._reach.ask(lambda client: client.set(_key(attempt_id), at.timestamp(), ex=KEPT))

    def seen(self, attempt_ids: Sequence[int]) -> dict[int, datetime] | None:
        """The last sign of each that gave one; None when nobody can say."""
        if not attempt_ids:
            return {}
        signs = self._reach.ask(lambda client: client.mget([_key(one) for one in attempt_ids]))
        if signs is None:
            return None
        pairs = zip(attempt_ids, signs, strict=True)
        return {one: datetime.fromtimestamp(float(sign), UTC) for one, sign in pairs if sign is not None}


def presence() -> Presence:
    """That of the running application."""
    found: Presence | None = current_app.extensions.get("presence")
    if found is None:
        found = current_app.extensions["presence"] = Presence(volatile())
    return found


def beat_later(attempt_id: int, at: datetime) -> Callable[[], None]:
    """The same sign of life, to be given once the answer is on its way to the candidate."""
    here = presence()
    return lambda: here.beat(attempt_id, at)


def _key(attempt_id: int) -> str:
    return f"presence:{attempt_id}"
