"""An item as drawing sees it: a value, and the name of the exact state of many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
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


def in_order(pool: Iterable[PoolItem]) -> list[PoolItem]:
    return sorted(pool, key=lambda item: (item.id, item.version))


def snapshot_id(pool: Sequence[PoolItem]) -> str:
    """Changes with anything that could change a paper; independent of order and of the database's own numbers."""
    state = [
        [item.id, item.version, item.type, item.row, item.content, str(item.difficulty),
         list(item.options), sorted(item.enemies), item.digest]
        for item in in_order(pool)
    ]  # fmt: skip
    canonical = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
