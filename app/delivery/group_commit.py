"""The two ways in which requests of one process share commits: changes that are saved, and hand-ins (grouping.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

from flask import Flask
from psycopg import Cursor

from app.core import metrics
from app.core.errors import Refusal
from app.core.forks import generation
from app.delivery import direct, handing_in, papers, saving
from app.delivery.direct import Line
from app.delivery.grouping import Grouping
from app.delivery.handing_in import HandedIn, Wish
from app.delivery.papers import Form
from app.delivery.saving import Batch, Ready, Saved

WRITERS = 1
"""Commits under way at once in a process, of each kind."""
Made = TypeVar("Made")
_making = Lock()


class GroupCommit:
    """Saving, as one process does it."""

    def __init__(self, line: Line, secret: str, writers: int) -> None:
        self._line, self._secret = line, secret
        self._group = Grouping[Batch | Ready, Saved](self._store, writers)

    @property
    def waiting(self) -> int:
        return self._group.waiting

    def save(self, batch: Batch) -> Saved | None:
        """Stores the batch and says so only after it is durable; None when it was not stored, for whatever reason."""
        form = papers.known_form(batch.attempt_id)
        entry = self._ready(batch, form) if form else batch
        return self._group.commit(entry) if entry else None

    def _ready(self, batch: Batch, form: Form) -> Ready | None:
        try:
            changes = saving.fitting(batch.changes, form)
        except Refusal:
            return None  # whether the asker may even know the paper is settled first
        checked = Batch(batch.attempt_id, batch.login_id, batch.client, changes)
        return saving.ready(checked, form.grace, self._secret)

    def _store(self, entries: Sequence[Batch | Ready]) -> Mapping[int, Saved]:
        """In the first minutes most papers are new to a process: those of a group are read by one question."""
        stored = self._line.run(lambda cursor: saving.store(cursor, self._all_ready(entries, cursor)))
        metrics.SAVE_GROUP.observe(len(entries))
        metrics.SAVE_QUEUE.set(self._group.waiting)
        metrics.SAVES.inc(sum(one.count for one in entries if one.attempt_id in stored))
        return stored

    def _all_ready(self, entries: Sequence[Batch | Ready], cursor: Cursor[Any]) -> list[Ready]:
        forms = papers.forms_of([one.attempt_id for one in entries if isinstance(one, Batch)], cursor)
        found = list[Ready]()
        for one in entries:
            if isinstance(one, Ready):
                found.append(one)
            elif (form := forms.get(one.attempt_id)) and (ready := self._ready(one, form)):
                found.append(ready)
        return found


class GroupHandIn:
    """Handing in, as one process does it: on connections of its own, so that no save waits behind it."""

    def __init__(self, line: Line, secret: str, writers: int) -> None:
        self._line, self._secret = line, secret
        self._group = Grouping[handing_in.Ready, HandedIn](self._store, writers)

    @property
    def waiting(self) -> int:
        return self._group.waiting

    def submit(self, wish: Wish) -> HandedIn | None:
        """Closes the attempt for good; None when it did not, for whatever reason."""
        form = papers.form_of(wish.attempt_id, self._line.run)
        return self._group.commit(handing_in.ready(wish, form.grace, self._secret)) if form else None

    def _store(self, wishes: Sequence[handing_in.Ready]) -> Mapping[int, HandedIn]:
        return self._line.run(lambda cursor: handing_in.close(cursor, wishes))


def group_commit(app: Flask) -> GroupCommit:
    """That of an application, made at first use in each process."""
    return made(app, "saving", GroupCommit)


def group_hand_in(app: Flask) -> GroupHandIn:
    return made(app, "closing", GroupHandIn)


def made(app: Flask, purpose: str, kind: Callable[[Line, str, int], Made]) -> Made:
    name = f"group_{purpose}"
    kept: tuple[int, Made] | None = app.extensions.get(name)
    if kept is not None and kept[0] == generation():
        return kept[1]
    line = direct.line(app, purpose)
    with _making:
        kept = app.extensions.get(name)
        if kept is None or kept[0] != generation():
            kept = app.extensions[name] = generation(), kind(line, app.config["SECRET_KEY"], WRITERS)
    return kept[1]
