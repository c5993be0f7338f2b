"""A store that is gone."""

from __future__ import annotations

from typing import Any

import redis


class Gone:
    """Refuses every call and counts them."""

    def __init__(self) -> None:
        self.calls = 0

    def _refuse(self, *_: Any, **__: Any) -> None:
        self.calls += 1
        raise redis.ConnectionError

    set = mget = get = delete = pipeline = hget = hset = hgetall = hdel = _refuse
