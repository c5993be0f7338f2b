"""A bar on stderr for long work, where somebody is looking."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

import click
from flask_babel import gettext

from question_bank.progress import Progress


class Bar(Progress):
    """One bar after the other; none where stderr is no terminal, so that programs read nothing but words."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._shown = sys.stderr.isatty()

    def begin(self, what: str, total: int) -> None:
        self.close()
        if self._shown and total:
            self._bar = click.progressbar(length=total, label=gettext(what), file=sys.stderr)
            self._bar.__enter__()

    def advance(self, steps: int = 1) -> None:
        if self._bar:
            self._bar.update(steps)

    def close(self) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
