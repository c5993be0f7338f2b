"""Who is here now. Kept in Redis alone: it may vanish at any moment, and then fills again within one heartbeat.

What a silence leaves when it ends is written to the database (gaps.py), as evidence for whoever compensates it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from flask import current_app

from app.core.db import db
from app.models.watching import GapSource
from proctoring import gaps
from proctoring.attention import SILENT_AFTER
from proctoring.gaps import Silence
from proctoring.volatile import Volatile, volatile

KEPT = timedelta(hours=6)
AT_MOST_EVERY = 2.0
"""Seconds between two signs of one attempt that are worth writing down."""
MOST_REMEMBERED = 50_000
AT_ONCE = 2000
"""Signs in one round trip."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life: when, and what the page said of itself: changes not yet sent, seconds the oldest has waited."""

    at: datetime
    waiting: int = 0
    lag: int = 0

    def written(self) -> str:
        return f"{self.at.timestamp()} {self.waiting} {self.lag}"

    @classmethod
    def read(cls, written: str) -> Sign:
        at, _, rest = written.partition(" ")
        waiting, _, lag = rest.partition(" ")
        return cls(datetime.fromtimestamp(float(at), UTC), int(float(waiting or 0)), int(float(lag or 0)))


class Presence:
    """The signs of life as one process writes and reads them. `keep` writes down the silences that ended."""

    def __init__(self, reach: Volatile, keep: Callable[[Sequence[Silence], float], None] | None = None) -> None:
        self._reach = reach
        self._keep = keep
        self._last: dict[int, float] = {}

    def beat(self, attempt_id: int, at: datetime) -> None:
        """Writes down a sign of life. Never raises, and waits for an absent store at most once in a while."""
        moment = self._reach.clock()
        if moment - self._last.get(attempt_id, -AT_MOST_EVERY) < AT_MOST_EVERY:
            return
        if len(self._last) >= MOST_REMEMBERED:
            self._last.clear()
        self._last[attempt_id] = moment
        self.beats({attempt_id: Sign(at)})

    def beats(self, signs: Mapping[int, Sign]) -> None:
        """Many signs at once; also without any, once a second, it says that the service is at work. Never raises."""
        ended = list[Silence]()
        for some in _portions(signs):
            before = self._reach.ask(partial(_exchanged, signs=some))
            if before is None:
                break
            ended += _silences(some, before)
        if self._keep is not None:
            self._keep(ended, self._reach.clock())

    def at_work_until_now(self) -> None:
        """The next signs are written down with the word that the service is at work, however lately that was said."""
        if isinstance(self._keep, gaps.Keeper):
            self._keep.due_at_once()

    def signs(self, attempt_ids: Sequence[int]) -> dict[int, Sign] | None:
        """The last sign of each that gave one; None when nobody can say."""
        found = self.written(attempt_ids)
        return None if found is None else {one: Sign.read(sign) for one, sign in found.items()}

    def written(self, attempt_ids: Sequence[int]) -> dict[int, str] | None:
        """The same unread, for whoever only asks what has changed."""
        found: dict[int, str] = {}
        for start in range(0, len(attempt_ids), AT_ONCE):
            some = attempt_ids[start : start + AT_ONCE]
            written = self._reach.ask(partial(_looked_up, attempt_ids=some))
            if written is None:
                return None
            found |= {one: sign for one, sign in zip(some, written, strict=True) if sign is not None}
        return found

    def seen(self, attempt_ids: Sequence[int]) -> dict[int, datetime] | None:
        """When each was last heard of; None when nobody can say."""
        found = self.signs(attempt_ids)
        return None if found is None else {one: sign.at for one, sign in found.items()}


def presence() -> Presence:
    """That of the running application."""
    found: Presence | None = current_app.extensions.get("presence")
    if found is None:
        found = current_app.extensions["presence"] = Presence(volatile(), gaps.Keeper(db.engine))
    return found


def _exchanged(client: Any, signs: Mapping[int, Sign]) -> list[Any]:
    """Writes all signs and brings back what stood in their places."""
    line = client.pipeline(transaction=False)
    for attempt_id, sign in signs.items():
        line.set(_key(attempt_id), sign.written(), ex=KEPT, get=True)
    return list(line.execute())


def _looked_up(client: Any, attempt_ids: Sequence[int]) -> list[Any]:
    return list(client.mget([_key(one) for one in attempt_ids]))


def _silences(signs: Mapping[int, Sign], before: Sequence[str | None]) -> Iterator[Silence]:
    for (attempt_id, sign), written in zip(signs.items(), before, strict=True):
        last = Sign.read(written).at if written else sign.at - timedelta(seconds=sign.lag)
        if sign.at - last > SILENT_AFTER:
            source = GapSource.SIGNS if written else GapSource.CLIENT
            yield Silence(attempt_id, last, sign.at, source, sign.waiting)


def _portions(signs: Mapping[int, Sign]) -> Iterator[dict[int, Sign]]:
    entries = iter(signs.items())
    while some := dict(islice(entries, AT_ONCE)):
        yield some


def _key(attempt_id: int) -> str:
    return f"presence:{attempt_id}"
