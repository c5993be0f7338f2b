"""What the lobby answers, written in one place for both ways to it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.delivery.lobby_view import View
from app.web.acknowledgement import utc

NAMES = (
    "attempt_state", "session_state", "room", "opens_at", "closes_at", "entry_until", "may_start", "gated", "over",
)  # fmt: skip
"""As `View.lasting` has them."""


def written(view: View) -> bytes:
    passing = f'"server_time":"{utc(view.server_time)}","again":{view.again!r},"spread":{view.spread!r}'
    return f"{_lasting(view.lasting)}{passing}}}\n".encode()


@lru_cache(10_000)
def _lasting(values: tuple[Any, ...]) -> str:
    """The beginning, alike for most who wait in a room."""
    said = {name: utc(one) if isinstance(one, datetime) else one for name, one in zip(NAMES, values, strict=True)}
    return json.dumps(said, separators=(",", ":"))[:-1] + ","
