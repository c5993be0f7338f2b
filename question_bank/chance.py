"""Chance that can be repeated on any machine and any Python from 3.11: numbers out of SHAKE-256 and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from struct import Struct
from typing import TypeVar

T = TypeVar("T")
_CHUNK = Struct(">256I")


class Chance:
    """Numbers of 32 bits from a seed and a purpose; `next` gives one, `below` one that is less than `size`."""

    __slots__ = ("next",)

    def __init__(self, seed: str | int, purpose: str = "") -> None:
        self.next = _numbers(f"{seed}:{purpose}").__next__

    def below(self, size: int) -> int:
        return self.next() * size >> 32


def shuffled(values: Iterable[T], chance: Chance) -> list[T]:
    """Fisher and Yates."""
    found, number = list(values), chance.next
    for last in range(len(found) - 1, 0, -1):
        other = number() * (last + 1) >> 32
        found[last], found[other] = found[other], found[last]
    return found


def paper_seed(secret: str | int | bytes, name: int | str) -> str:
    """The seed of one paper of a session, from the session's secret; knowing one tells nothing about another."""
    key = secret if isinstance(secret, bytes) else str(secret).encode(errors="surrogatepass")
    return hmac.new(key, str(name).encode(), hashlib.sha256).hexdigest()


def _numbers(seed: str) -> Iterator[int]:
    chunk = 0
    while True:
        yield from _CHUNK.unpack(hashlib.shake_256(f"{seed}:{chunk}".encode()).digest(_CHUNK.size))
        chunk += 1
