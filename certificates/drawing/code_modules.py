"""The modules of a QR code, quickly: for a certificate segno's own way would take as long as drawing all the rest.

What all codes of a size share (frame, places of the bits, mask) is taken from segno once and kept; a code adds its bits
and their correction (ISO/IEC 18004, Reed-Solomon over GF(256)). The same modules as segno's, as tests compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Any

import segno
from segno import consts, encoder

LARGEST = 40
BYTES_MODE = 0b0100
FREE = 2
"""What segno writes where the frame leaves room for bits."""
PADDING = bytes((0xEC, 0x11))
FLIPPED = str.maketrans("01", "10")


@dataclass(frozen=True)
class _Size:
    """Everything that codes of one size and mask have in common."""

    side: int
    blocks: tuple[tuple[int, int], ...]
    """Of each block: codewords of data, and of correction."""
    pick: Callable[[str], Sequence[str]]
    """From the bits, the same flipped, and "01": the module of each place."""
    bits: int
    """Of data and correction, with those left over."""

    @property
    def room(self) -> int:
        return sum(data for data, _correction in self.blocks)


def modules(text: str, mask: int) -> list[str]:
    """Each row as a string of 0 and 1, dark is 1; level M, the text as bytes."""
    data = text.encode()
    version = next(one for one in range(1, LARGEST + 1) if _room(one) >= len(data))
    size = _size(version, mask)
    counted = 16 if version > 9 else 8
    stream = (BYTES_MODE << counted | len(data)) << 8 * len(data) | int.from_bytes(data)
    filled = (stream << 4).to_bytes(len(data) + counted // 8 + 1)
    filled += (PADDING * size.room)[: size.room - len(filled)]
    words = _corrected(filled, size.blocks)
    bits = f"{int.from_bytes(words):0{8 * len(words)}b}".ljust(size.bits, "0")
    drawn = "".join(size.pick(f"{bits}{bits.translate(FLIPPED)}01"))
    return [drawn[start : start + size.side] for start in range(0, len(drawn), size.side)]


@cache
def _blocks(version: int) -> tuple[tuple[int, int], ...]:
    by_version: Any = consts.ECC
    kinds = by_version[version][consts.ERROR_LEVEL_M]
    return tuple((one.num_data, one.num_total - one.num_data) for one in kinds for _ in range(one.num_blocks))


def _room(version: int) -> int:
    """Characters that it takes."""
    return sum(data for data, _correction in _blocks(version)) - (3 if version > 9 else 2)


@cache
def _size(version: int, mask: int) -> _Size:
    empty = segno.make("", error="m", version=version, mask=mask, mode="byte", boost_error=False, micro=False).matrix
    side = len(empty)
    free = encoder.make_matrix(side, side)  # type: ignore[no-untyped-call]
    encoder.add_finder_patterns(free, side, side)  # type: ignore[no-untyped-call]
    encoder.add_alignment_patterns(free, side, side)  # type: ignore[no-untyped-call]
    path = [(row, column) for row, column in _path(side) if free[row][column] == FREE]
    number = {place: bit for bit, place in enumerate(path)}
    light, from_where = 2 * len(path), []
    for row in range(side):
        for column in range(side):
            bit = number.get((row, column))
            drawn = light + empty[row][column] if bit is None else bit + len(path) * _flips(mask, row, column)
            from_where.append(drawn)
    return _Size(side, _blocks(version), itemgetter(*from_where), len(path))


def _path(side: int) -> Iterator[tuple[int, int]]:
    """As bits are laid: in pairs of columns from the right, up and down in turn, past the column of the timing."""
    upwards = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for row in range(side - 1, -1, -1) if upwards else range(side):
            yield row, right
            yield row, right - 1
        upwards = not upwards


def _flips(mask: int, row: int, column: int) -> bool:
    rules = (
        (row + column) % 2, row % 2, column % 3, (row + column) % 3, (row // 2 + column // 3) % 2,
        row * column % 2 + row * column % 3, (row * column % 2 + row * column % 3) % 2,
        ((row + column) % 2 + row * column % 3) % 2,
    )  # fmt: skip
    return rules[mask] == 0


def _corrected(data: bytes, blocks: tuple[tuple[int, int], ...]) -> bytes:
    """Data and correction as they are laid: a codeword of each block in turn."""
    parts, at = [], 0
    for length, _correction in blocks:
        parts.append(data[at : at + length])
        at += length
    kept = [_correction_of(part, count) for part, (_length, count) in zip(parts, blocks, strict=True)]
    return bytes(word for word in chain(*zip_longest(*parts), *zip(*kept, strict=True)) if word is not None)


def _correction_of(data: bytes, count: int) -> bytes:
    multiples, top = _multiples(count), 8 * (count - 1)
    rest, cut = 0, (1 << top) - 1
    for word in data:
        rest = (rest & cut) << 8 ^ multiples[word ^ rest >> top]
    return rest.to_bytes(count)


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """The generator polynomial times each value."""
    powers, logs = consts.GALIOS_EXP, consts.GALIOS_LOG
    times = [bytes(powers[logs[value] + one] for one in consts.GEN_POLY[count]) for value in range(1, 256)]
    return (0, *map(int.from_bytes, times))
