"""One commit for the batches of several requests.

Whoever comes while nobody writes goes to the database at once; who comes meanwhile waits and is taken along by the
next. So a lone change is stored without delay, and the busier the process the more changes share a commit. There is no
thread of its own: the first of those waiting writes for all of them, which needs no starting, stopping or forking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

import psycopg
from flask import Flask

from app.core import metrics
from app.core.errors import Refusal
from app.core.forks import generation
from app.delivery import direct, papers, saving
from app.delivery.direct import Line
from app.delivery.saving import Batch, Ready, Saved

WRITERS = 1
"""Commits under way at once in a process."""
MOST = 256
_making = Lock()


class _Waiting:
    """A batch between its arrival and its answer."""

    __slots__ = ("failed", "leads", "ready", "saved", "turn")

    def __init__(self, ready: Ready) -> None:
        self.ready, self.turn, self.leads = ready, Lock(), False
        self.saved: Saved | None = None
        self.failed: BaseException | None = None

    def outcome(self) -> Saved | None:
        if self.failed is not None:
            raise self.failed
        return self.saved


class GroupCommit:
    """That of one process."""

    def __init__(self, line: Line, secret: str, writers: int) -> None:
        self._line, self._secret, self._free = line, secret, writers
        self._queue, self._lock = deque[_Waiting](), Lock()

    def save(self, batch: Batch) -> Saved | None:
        """Stores the batch and says so only after it is durable; None when it was not stored, for whatever reason."""
        form = papers.form_of(batch.attempt_id, self._line.run)
        if form is None:
            return None
        try:
            changes = saving.fitting(batch.changes, form)
        except Refusal:
            return None  # whether the asker may even know the paper is settled first
        checked = Batch(batch.attempt_id, batch.login_id, batch.client, changes)
        return self._commit(_Waiting(saving.ready(checked, form.grace, self._secret)))

    def _commit(self, mine: _Waiting) -> Saved | None:
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

    def _with_others(self, first: _Waiting) -> list[_Waiting]:
        """Everyone waiting, but of one attempt only one; `first` leads, the others keep their order."""
        group = {first.ready.attempt_id: first}
        with self._lock:
            left = deque[_Waiting]()
            while self._queue and len(group) < MOST:
                one = self._queue.popleft()
                if group.setdefault(one.ready.attempt_id, one) is not one:
                    left.append(one)
            self._queue.extendleft(reversed(left))
        return list(group.values())

    def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            self._store(group)
        except psycopg.Error as error:
            if len(group) > 1 and not _gone(error):
                self._singly(group)
            else:
                for one in group:
                    one.failed = error
        finally:  # whatever else went wrong here, the others are told that nothing was stored and look for themselves
            for one in group[1:]:
                one.turn.release()

    def _singly(self, group: Sequence[_Waiting]) -> None:
        """What one of them did wrong is no other's trouble."""
        for one in group:
            try:
                self._store([one])
            except psycopg.Error as error:
                one.failed = error

    def _store(self, group: Sequence[_Waiting]) -> None:
        batches = [one.ready for one in group]
        stored = self._line.run(lambda cursor: saving.store(cursor, batches))
        for one in group:
            one.saved = stored.get(one.ready.attempt_id)
        metrics.SAVE_GROUP.observe(len(group))
        metrics.SAVE_QUEUE.set(len(self._queue))
        metrics.SAVES.inc(sum(one.ready.count for one in group if one.saved is not None))


def _gone(error: psycopg.Error) -> bool:
    """There is no server to ask again, so that each by itself would only wait for the same."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08")[:2] in {"08", "57"}


def group_commit(app: Flask) -> GroupCommit:
    """That of an application, made at first use in each process."""
    kept: tuple[int, GroupCommit] | None = app.extensions.get("group_commit")
    if kept is not None and kept[0] == generation():
        return kept[1]
    line = direct.line(app, "saving")
    with _making:
        kept = app.extensions.get("group_commit")
        if kept is None or kept[0] != generation():
            kept = generation(), GroupCommit(line, app.config["SECRET_KEY"], WRITERS)
            app.extensions["group_commit"] = kept
    return kept[1]
