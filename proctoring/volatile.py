"""Redis, asked by those who can go on without it: an absent store costs one short wait, not one for each request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from app.core import store

Answer = TypeVar("Answer")
REST = 5.0
"""Seconds for which a store that did not answer is left alone."""


class Volatile:
    """The store as one process sees it."""

    def __init__(self, client: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._client = client
        self._rests_until = 0.0

    def ask(self, work: Callable[[Any], Answer]) -> Answer | None:
        """What `work` got from the client; None when the store is gone. Never raises for that."""
        if self.clock() < self._rests_until:
            return None
        try:
            return work(self._client)
        except store.VANISHED:
            self._rests_until = self.clock() + REST
            return None


def volatile() -> Volatile:
    """That of the running application."""
    found: Volatile | None = current_app.extensions.get("volatile")
    if found is None:
        found = current_app.extensions["volatile"] = Volatile(store.client())
    return found
