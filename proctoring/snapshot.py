"""The board as it goes over the line, made once for all who watch, however many ask and however often.

Whoever asks for a picture that has grown old makes a new one of the whole session, all its views at once, while the
others are still answered with the old one. A picture that was costly to make is kept longer, so that looking never
takes more than a tenth of one processor from those who sit the exam.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.models.registration import ExamSession
from proctoring.board import picture
from proctoring.board_drawing import ROOMS, WHOLE, Snapshot, everything
from proctoring.presence import presence
from proctoring.views import chosen, views
from proctoring.volatile import Volatile, volatile

__all__ = ["ROOMS", "WHOLE", "Gallery", "Snapshot", "forget", "forget_seat", "gallery", "live", "near"]

FRESH = 1.0
"""Seconds for which a picture is shown to all who ask, at least."""
SHARE = 10
"""It is kept so many times as long as it took to make."""
KEPT_MS, MAKING_MS = 60_000, 20_000
MOST_OWN = 1000
NEAR = 0.5
"""Seconds for which a process shows a picture without asking whether a newer one hangs."""
MOST_NEAR = 2000


class Gallery:
    """The pictures of all sessions: in Redis for every process, in this one alone while Redis is away."""

    def __init__(self, reach: Volatile) -> None:
        self._reach = reach
        self._own: dict[tuple[int, int], tuple[float, Snapshot]] = {}
        self._near: dict[tuple[int, int], tuple[float, Snapshot]] = {}
        self._asked: dict[int, float] = {}

    def near(self, session_id: int, name: int) -> Snapshot | None:
        """What this process has shown within the last moment."""
        until, shown = self._near.get((session_id, name), (0.0, None))
        return shown if self._reach.clock() < until else None

    def look(self, session_id: int, name: int) -> tuple[Snapshot | None, bool]:
        """The picture of that name if there is one, and whether it is for the asker to make all of them anew."""
        if (shown := self.near(session_id, name)) is not None:
            return shown, False
        moment = self._reach.clock()
        offer = moment - self._asked.get(session_id, -FRESH) >= FRESH / 4
        if offer:
            self._asked[session_id] = moment
        asked = self._reach.ask(partial(_asked, session_id=session_id, name=name, offer=offer))
        if asked is None:
            until, own = self._own.get((session_id, name), (0.0, None))
            return (own, False) if self._reach.clock() < until else (None, False)
        kept, due = asked
        if kept is None:
            return None, bool(due)
        etag, _, body = str(kept).partition("\n")
        if len(self._near) > MOST_NEAR:
            self._near.clear()
        _until, shown = self._near[session_id, name] = moment + NEAR, Snapshot(etag, body)
        return shown, bool(due)

    def hang(self, session_id: int, made: Mapping[int, Snapshot], seconds: float | None) -> None:
        """New pictures; with `seconds` they are all there are, and good for so long."""
        self._near.clear()
        if self._reach.ask(partial(_hung, session_id=session_id, made=made, seconds=seconds)) is None:
            if len(self._own) > MOST_OWN:
                self._own.clear()
            until = self._reach.clock() + FRESH
            self._own |= {(session_id, name): (until, one) for name, one in made.items()}

    def take_down(self, session_id: int, *names: int) -> None:
        """These pictures, or without a name all of them, are no longer true."""
        self._own.clear()
        self._near.clear()
        self._asked.pop(session_id, None)
        self._reach.ask(partial(_taken_down, session_id=session_id, names=names))


def near(app: Flask, session_id: int, name: int) -> Snapshot | None:
    """What this process has shown within the last moment; asked in front of the framework."""
    found: tuple[Volatile, Gallery] | None = app.extensions.get("gallery")
    return found[1].near(session_id, name) if found is not None else None


def live(session: Session, session_id: int, name: int, now: Callable[[], datetime]) -> Snapshot:
    """A view by its first seat, WHOLE or ROOMS. Commit afterwards."""
    here = gallery()
    kept, due = here.look(session_id, name)
    if kept is not None and not due:
        return kept
    exam = session.get_one(ExamSession, session_id)
    parts = views(session, exam)
    if due or name in (WHOLE, ROOMS):
        began = time.perf_counter()
        made = everything(session, exam, presence(), now(), parts, whole=name == WHOLE)
        here.hang(session_id, made, max(FRESH, SHARE * (time.perf_counter() - began)))
    else:
        found = chosen(parts, name)
        made = {found.first: Snapshot.of(picture(session, exam, presence(), now(), found))}
        here.hang(session_id, made, None)
    return made[name] if name in (WHOLE, ROOMS) else made[chosen(parts, name).first]


def forget(session_id: int) -> None:
    """After something that concerns everybody the next look shows it; call when it is committed."""
    gallery().take_down(session_id)


def forget_seat(session: Session, session_id: int, seat: int) -> None:
    """The same for one seat: only its view is made anew, not the whole of a large session."""
    exam = session.get_one(ExamSession, session_id)
    gallery().take_down(session_id, chosen(views(session, exam), seat).first, WHOLE, ROOMS)


def gallery() -> Gallery:
    """That of the running application."""
    reach = volatile()
    found: tuple[Volatile, Gallery] | None = current_app.extensions.get("gallery")
    if found is None or found[0] is not reach:
        found = current_app.extensions["gallery"] = (reach, Gallery(reach))
    return found[1]


def _asked(client: Any, session_id: int, name: int, offer: bool) -> tuple[str | None, bool]:
    """With `offer` the asker would make new pictures, should it be time."""
    if not offer:
        return client.hget(_key(session_id), str(name)), False
    line = client.pipeline(transaction=False)
    line.hget(_key(session_id), str(name))
    line.set(_key(session_id, "due"), "1", nx=True, px=MAKING_MS)
    kept, due = line.execute()
    return kept, bool(due)


def _hung(client: Any, session_id: int, made: Mapping[int, Snapshot], seconds: float | None) -> bool:
    line, key = client.pipeline(transaction=True), _key(session_id)
    if seconds is not None:
        line.delete(key)
        line.set(_key(session_id, "due"), "1", px=int(seconds * 1000))
    line.hset(key, mapping={str(name): f"{one.etag}\n{one.text}" for name, one in made.items()})
    line.pexpire(key, KEPT_MS)
    line.execute()
    return True


def _taken_down(client: Any, session_id: int, names: Sequence[int]) -> bool:
    if names:
        client.hdel(_key(session_id), *(str(name) for name in names))
    else:
        client.delete(_key(session_id), _key(session_id, "due"))
    return True


def _key(session_id: int, what: str = "views") -> str:
    return f"board:{session_id}:{what}"
