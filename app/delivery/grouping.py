"""One commit for what several requests ask of the database.

Whoever comes while nobody writes goes to the database at once; who comes meanwhile waits and is taken along by the
next. So a lone request is stored without delay, and the busier the process the more of them share a commit. There is no
thread of its own: the first of those waiting writes for all of them, which needs no starting, stopping or forking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Protocol, TypeVar

import psycopg

MOST = 256


class About(Protocol):
    """Something to be stored about one attempt."""

    @property
    def attempt_id(self) -> int: ...


Entry = TypeVar("Entry", bound=About)
Answer = TypeVar("Answer")


class _Waiting(Generic[Entry, Answer]):
    """An entry between its arrival and its answer."""

    __slots__ = ("answer", "entry", "failed", "leads", "turn")

    def __init__(self, entry: Entry) -> None:
        self.entry, self.turn, self.leads = entry, Lock(), False
        self.answer: Answer | None = None
        self.failed: BaseException | None = None

    def outcome(self) -> Answer | None:
        if self.failed is not None:
            raise self.failed
        return self.answer


class Grouping(Generic[Entry, Answer]):
    """That of one process. `store` makes a group durable at once and answers what it stored, by attempt."""

    def __init__(self, store: Callable[[Sequence[Entry]], Mapping[int, Answer]], writers: int) -> None:
        self._store, self._free = store, writers
        self._queue, self._lock = deque[_Waiting[Entry, Answer]](), Lock()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def commit(self, entry: Entry) -> Answer | None:
        """Answers after it is durable; None when it was not stored, for whatever reason."""
        mine = _Waiting[Entry, Answer](entry)
        with self._lock:
            mine.leads = self._free > 0
            if mine.leads:
                self._free -= 1
            else:
                mine.turn.acquire()
                self._queue.append(mine)
        if not mine.leads:
            with mine.turn:  # let go by whoever wrote it, or by whoever wrote before it
                pass
        if mine.leads:
            with self._handing_on():
                self._write(self._with_others(mine))
        return mine.outcome()

    @contextmanager
    def _handing_on(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                following = self._queue.popleft() if self._queue else None
                if following is None:
                    self._free += 1
            if following is not None:
                following.leads = True
                following.turn.release()

    def _with_others(self, first: _Waiting[Entry, Answer]) -> list[_Waiting[Entry, Answer]]:
        """Everyone waiting, but of one attempt only one; `first` leads, the others keep their order."""
        group = {first.entry.attempt_id: first}
        with self._lock:
            left = deque[_Waiting[Entry, Answer]]()
            while self._queue and len(group) < MOST:
                one = self._queue.popleft()
                if group.setdefault(one.entry.attempt_id, one) is not one:
                    left.append(one)
            self._queue.extendleft(reversed(left))
        return list(group.values())

    def _write(self, group: Sequence[_Waiting[Entry, Answer]]) -> None:
        try:
            self._settle(group)
        except psycopg.Error as error:
            if len(group) > 1 and not _gone(error):
                self._singly(group)
            else:
                for one in group:
                    one.failed = error
        finally:  # whatever else went wrong here, the others are told that nothing was stored and look for themselves
            for one in group[1:]:
                one.turn.release()

    def _singly(self, group: Sequence[_Waiting[Entry, Answer]]) -> None:
        """What one of them did wrong is no other's trouble."""
        for one in group:
            try:
                self._settle([one])
            except psycopg.Error as error:
                one.failed = error

    def _settle(self, group: Sequence[_Waiting[Entry, Answer]]) -> None:
        stored = self._store([one.entry for one in group])
        for one in group:
            one.answer = stored.get(one.entry.attempt_id)


def _gone(error: psycopg.Error) -> bool:
    """There is no server to ask again, so that each by itself would only wait for the same."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08")[:2] in {"08", "57"}
