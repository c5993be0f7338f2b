"""The order of the options on one paper: the places of the keys as even as whole numbers go, never four in a row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product

from question_bank.chance import Chance, shuffled
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem

SINGLE = "single"
USUAL = 4
LONGEST_RUN = 3
TRIES = 100
Order = tuple[str, ...]


def option_orders(items: Sequence[PoolItem], seed: str | int) -> list[Order]:
    """One order for each item, which stand as on the paper."""
    balanced = [len(item.options) if item.type == SINGLE and len(item.key) == 1 else 0 for item in items]
    places = iter(key_places([size for size in balanced if size], Chance(seed, "keys")))
    chance = Chance(seed, "options")
    number = chance.next
    found: list[Order] = []
    for item, size in zip(items, balanced, strict=True):
        if size == USUAL:  # as below, only looked up
            turn = (next(places) * 3 + (number() * 3 >> 32)) * 2 + (number() * 2 >> 32)
            found.append(_usual_orders(item.options, item.key[0])[turn])
        elif size:
            found.append(_with_key_at(next(places), item.key[0], shuffled(_others(item.options, item.key[0]), chance)))
        else:
            found.append(ITEM_TYPES[item.type].option_order(item.options, chance))
    return found


def key_places(sizes: Sequence[int], chance: Chance) -> list[int]:
    """A place for each key among so many options; where all items have as many, they share them evenly."""
    places: list[int] = []
    for _ in range(TRIES):
        first = chance.next()
        turns = shuffled(range(first, first + len(sizes)), chance)
        places = [turn % size for turn, size in zip(turns, sizes, strict=True)]
        if longest_run(places) <= LONGEST_RUN:
            break
    return places


def longest_run(places: Sequence[int]) -> int:
    longest = run = 0
    last = -1
    for place in places:
        if place == last:
            run += 1
        else:
            last, run = place, 1
        longest = max(longest, run)
    return longest


def _others(options: Order, key: str) -> list[str]:
    return [option for option in options if option != key]


def _with_key_at(place: int, key: str, others: Sequence[str]) -> Order:
    return (*others[:place], key, *others[place:])


@cache
def _usual_orders(options: Order, key: str) -> list[Order]:
    """Every order of four options, by the key's place and the two numbers that a shuffle of the other three takes."""
    found = []
    for place, first, second in product(range(4), range(3), range(2)):
        others = _others(options, key)
        others[2], others[first] = others[first], others[2]
        others[1], others[second] = others[second], others[1]
        found.append(_with_key_at(place, key, others))
    return found
