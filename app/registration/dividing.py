"""Which seats belong to which room. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

ROOM_SIZE = 30
MOST_ROOMS = 5000


def ranges(seats: Sequence[int], size: int) -> list[tuple[int, int]]:
    """First and last number of each room: as few rooms as `size` allows, filled as evenly as that goes.

    Every seat is in exactly one of them, also where numbers are missing between two seats.
    """
    numbers = sorted(seats)
    rooms = -(-len(numbers) // size)
    cuts = [len(numbers) * place // rooms for place in range(rooms + 1)] if rooms else []
    return [(numbers[start], numbers[end - 1]) for start, end in pairwise(cuts)]
