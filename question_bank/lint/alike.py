"""Every pair of texts with so many characters in common, fast enough for twenty thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from rapidfuzz import fuzz

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUCKETS = 1024
AT_ONCE = 1000


def alike(texts: Sequence[str], percent: float) -> Iterator[tuple[int, int, float]]:
    """(place, later place, ratio), ratio being that of `rapidfuzz.fuzz`: 200 × common subsequence / both lengths.

    The characters two texts share, order aside, are at least as many as their longest common subsequence. That bound
    is a product of two matrices for all pairs at once; only the few pairs that it lets through are compared in order.
    A text that stands there twice is paired with its first place only, or a thousand of them would be a million pairs.
    """
    first: dict[str, int] = {}
    for place, text in enumerate(texts):
        if first.setdefault(text, place) != place:
            yield first[text], place, 100.0
    places = list(first.values())
    for one, other, ratio in _unlike(list(first), percent):
        yield places[one], places[other], ratio


def _unlike(texts: Sequence[str], percent: float) -> Iterator[tuple[int, int, float]]:
    import numpy as np  # here, because nothing else of the commands needs it and it loads slowly

    counts = _counts(texts)
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    for start in range(0, len(texts), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        shared = counts[here] @ counts[start:].T
        shared *= 200
        needed = (lengths[here, None] + lengths[None, start:]) * np.float32(percent)
        for row, column in np.argwhere(shared >= needed - 1):
            one, other = start + int(row), start + int(column)
            if one < other and (ratio := fuzz.ratio(texts[one], texts[other], score_cutoff=percent)):
                yield one, other, ratio


def _counts(texts: Sequence[str]) -> NDArray[np.float32]:
    """Each text as how often it has each character, “the third 的” being a character of its own, in few buckets.

    Two characters in one bucket can only make texts look more alike than they are.
    """
    import numpy as np

    bucket: dict[tuple[str, int], int] = {}
    counts = np.zeros((len(texts), BUCKETS), dtype=np.float32)
    for place, text in enumerate(texts):
        for sign, times in Counter(text).items():
            for number in range(times):
                found = bucket.get((sign, number))
                if found is None:
                    found = bucket[sign, number] = crc32(f"{sign}{number}".encode()) % BUCKETS
                counts[place, found] += 1
    return counts
