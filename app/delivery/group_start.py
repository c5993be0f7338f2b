"""Starts of several requests of one process share a commit (grouping.py), on connections of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from app.core import metrics
from app.delivery import quick_start
from app.delivery.direct import Line
from app.delivery.group_commit import made
from app.delivery.grouping import Grouping
from app.delivery.quick_start import Begun, Wish


class GroupStart:
    """Those of one process: a herd of starts takes no connection from those who save."""

    def __init__(self, line: Line, _secret: str, writers: int) -> None:
        self._line = line
        self._group = Grouping[Wish, Begun](self._begin, writers)

    def begin(self, wish: Wish) -> Begun | None:
        """Begun and durable; None where it was not begun, for whatever reason."""
        return self._group.commit(wish)

    def _begin(self, wishes: Sequence[Wish]) -> Mapping[int, Begun]:
        begun = self._line.run(lambda cursor: quick_start.begin(cursor, wishes))
        metrics.START_GROUP.observe(len(wishes))
        return begun


def group_start(app: Flask) -> GroupStart:
    """That of an application, made at first use in each process."""
    return made(app, "starting", GroupStart)
