"""An item as drawing sees it: a value, and the name of the exact state of many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SECONDS = 60


@dataclass(frozen=True, slots=True)
class PoolItem:
    """One item version. `enemies` are codes of items that may not stand on the same paper."""

    id: str
    version: int
    version_id: int
    type: str
    row: str
    content: str
    difficulty: Decimal
    options: tuple[str, ...]
    enemies: frozenset[str]
    digest: str
    seconds: int = SECONDS
    stimulus: str = ""
    """Items of one stimulus stand on a paper together or not at all."""
    key: tuple[str, ...] = ()
    """Not part of the state: the digest stands for it, so that a state can be shown without keys."""

    @property
    def cell(self) -> tuple[str, str, str]:
        return self.row, self.content, self.type


def in_order(pool: Iterable[PoolItem]) -> list[PoolItem]:
    return sorted(pool, key=lambda item: (item.id, item.version))


def state_of(item: PoolItem) -> list[Any]:
    """Time and stimulus only where they say something, so that snapshots older than both keep their name."""
    state = [
        item.id, item.version, item.type, item.row, item.content, str(item.difficulty),
        list(item.options), sorted(item.enemies), item.digest,
    ]  # fmt: skip
    return state if (item.seconds, item.stimulus) == (SECONDS, "") else [*state, item.seconds, item.stimulus]


def snapshot_id(pool: Sequence[PoolItem]) -> str:
    """Changes with anything that could change a paper; independent of order and of the database's own numbers."""
    return digest_of([state_of(item) for item in in_order(pool)])


def digest_of(value: Any) -> str:
    """SHA-256 of the one way to write a value as JSON."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
