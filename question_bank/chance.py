"""Chance that can be repeated in any process and on any Python from 3.11.

Of `random.Random` only seeding by text and `random()` are promised to stay the same, so nothing else of it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from random import Random
from typing import TypeVar

T = TypeVar("T")


def generator(seed: str | int, purpose: str = "") -> Random:
    return Random(f"{seed}:{purpose}")  # noqa: S311 - repeatable on purpose; the seed is what is secret


def shuffled(values: Iterable[T], rng: Random) -> list[T]:
    """Fisher and Yates."""
    found, chance = list(values), rng.random
    for last in range(len(found) - 1, 0, -1):
        other = int(chance() * (last + 1))
        found[last], found[other] = found[other], found[last]
    return found


def drawn(values: Iterable[T], count: int, rng: Random) -> list[T]:
    """The first `count` of a shuffle, without shuffling the rest."""
    found, chance = list(values), rng.random
    size = len(found)
    for place in range(count):
        other = place + int(chance() * (size - place))
        found[place], found[other] = found[other], found[place]
    return found[:count]


def paper_seed(session_seed: str | int, index: int) -> str:
    """The seed of one candidate's paper; knowing one tells nothing about another."""
    return hashlib.sha256(f"{session_seed}:{index}".encode()).hexdigest()[:32]
