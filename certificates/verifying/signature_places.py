"""Where the signatures of a PDF stand, found without parsing it.

A signature covers the file up to its own digits and from there to an end (`/ByteRange`). It must lie open in the file,
so it can be found in the raw bytes; and whoever asks that it covers everything but its own digits need not trust a
single structure of a stranger's file. Time and memory are therefore bounded by the file's size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

RANGE = re.compile(
    rb"/ByteRange\s{0,20}\[\s{0,20}(\d{1,10})\s{1,20}(\d{1,10})\s{1,20}(\d{1,10})\s{1,20}(\d{1,10})\s{0,20}\]"
)
# punctuation may be written as an octal escape, as pyHanko does
MOMENT = re.compile(rb"/M\s{0,20}\(D(?::|\\072)(\d{14})(?:Z|([+-]|\\053|\\055)(\d\d)(?:'|\\047)(\d\d))?")
DIGITS = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]*")
LONG_DIGITS = re.compile(rb"/Contents\s{0,20}<[0-9A-Fa-f]{400}")
NEAR = 4096
MOST_DIGITS = 128 * 1024
MOST_RANGES = 64
MOST_PLACES = 24
"""One signature, and a time stamp every few years for decades."""


@dataclass(frozen=True)
class Place:
    """A signature's digits stand, in angle brackets, from `hole` to `after`; it covers the rest up to `end`."""

    hole: int
    after: int
    end: int

    def covered(self, data: bytes) -> bytes:
        return data[: self.hole] + data[self.after : self.end]

    def contents(self, data: bytes) -> bytes:
        """The signature with the zeros that fill its room."""
        return bytes.fromhex(data[self.hole + 1 : self.after - 1].decode("ascii"))

    def moment(self, data: bytes) -> datetime | None:
        """When the signer says it signed; this statement is covered by the signature."""
        near = data[max(0, self.hole - NEAR) : self.hole] + data[self.after : min(self.end, self.after + NEAR)]
        found = list(MOMENT.finditer(near))
        return _moment(found[-1]) if found else None


def claimed(data: bytes) -> bool:
    """Does the file say that it is signed, rightly or not?"""
    return b"/ByteRange" in data


def places(data: bytes, most: int = MOST_PLACES) -> Iterator[Place]:
    """At most so many of the signatures that the file holds, in order of what they cover."""
    found = {
        place
        for match in islice(RANGE.finditer(data), MOST_RANGES)
        if (place := _place(data, *map(int, match.groups())))
    }
    yield from sorted(found, key=lambda place: (place.end, place.hole))[:most]


class Trouble(StrEnum):
    """Why what a file calls a signature is none that can be judged."""

    WRAPPED = "wrapped"
    """More than the digits is left out of what is signed."""
    CUT = "cut"
    """The end of what is signed is missing."""
    REWRITTEN = "rewritten"
    """There are digits, but not where the signature says: a program has written the file anew."""
    HOLLOW = "hollow"
    """No digits, or no range."""


def trouble(data: bytes) -> Trouble:
    """Of a file with a signature that is not where it says: the gravest explanation."""
    elsewhere = LONG_DIGITS.search(data) is not None
    ranges = [tuple(map(int, one.groups())) for one in islice(RANGE.finditer(data), MOST_RANGES)]
    found = {_trouble(data, elsewhere, *one) for one in ranges if _place(data, *one) is None}
    return next((one for one in Trouble if one in found), Trouble.HOLLOW)


def _trouble(data: bytes, elsewhere: bool, start: int, hole: int, after: int, length: int) -> Trouble:
    if start != 0 or after <= hole:
        return Trouble.WRAPPED
    end = data.find(b">", hole + 1, hole + 2 + MOST_DIGITS)
    if data[hole : hole + 1] != b"<" or not HEXADECIMAL.fullmatch(data, hole + 1, max(end, hole + 1)):
        return Trouble.REWRITTEN if elsewhere else Trouble.HOLLOW
    if end < 0 or after + length > len(data):
        return Trouble.CUT
    if not data[hole + 1 : end].strip(b"0"):
        return Trouble.HOLLOW
    return Trouble.WRAPPED


def _place(data: bytes, start: int, hole: int, after: int, length: int) -> Place | None:
    if start != 0 or not hole < after <= after + length <= len(data) or after - hole > MOST_DIGITS:
        return None
    if data[hole : hole + 1] != b"<" or data[after - 1 : after] != b">":
        return None
    digits = DIGITS.fullmatch(data, hole + 1, after - 1) if (after - hole) % 2 == 0 else None
    return Place(hole, after, after + length) if digits and digits[0].strip(b"0") else None


def _moment(match: re.Match[bytes]) -> datetime | None:
    digits, sign, hours, minutes = (part.decode() if part else "" for part in match.groups())
    mark = "-" if sign in {"-", "\\055"} else "+"
    try:
        return datetime.strptime(f"{digits}{mark}{hours or '00'}{minutes or '00'}", "%Y%m%d%H%M%S%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
