"""Admission numbers and one-time codes: short to type, a slip told at once, nothing readable kept anywhere."""

from __future__ import annotations

import hmac
import unicodedata

from app.core.errors import N_, Refusal

DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
"""A quasigroup: every wrong digit and every two neighbours exchanged change what it comes to."""
DIGITS = 7
ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
"""Nothing here is taken for anything else here: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U."""
LENGTH, GROUP = 12, 4
"""24 to the power of 12 is more than 2 to the power of 55."""


def number_of(seat_id: int) -> str:
    """The seat's admission number: its own number and a check digit, 8 digits in two groups (more when needed)."""
    digits = f"{seat_id:0{DIGITS}}"
    return grouped(digits + _check_digit(digits))


def seat_of(number: str) -> int:
    """The seat that an admission number names. Refuses what cannot be one, so that a slip is told before the code."""
    typed = plain(number)
    if not DIGITS < len(typed) <= 18 or not (typed.isascii() and typed.isdigit()):
        raise Refusal("number_incomplete", N_("An admission number has at least 8 digits. Type it as on your ticket."))
    if typed[-1] != _check_digit(typed[:-1]):
        message = N_("The admission number holds a typing slip. Compare it digit by digit with your ticket.")
        raise Refusal("number_mistyped", message)
    return int(typed[:-1])


def code_of(key: bytes, seat_id: int, issue: int) -> str:
    """The one-time code of an issue: always the same for the same seat, and of no use for any other."""
    left = int.from_bytes(hmac.digest(key, f"{seat_id}:{issue}".encode(), "sha256"), "big")
    found = ""
    for _ in range(LENGTH):
        left, place = divmod(left, len(ALPHABET))
        found += ALPHABET[place]
    return grouped(found, "-")


def fits(code: str, expected: str) -> bool:
    """However it was typed: small letters, spaces, full-width characters. Takes the same time for every code."""
    return hmac.compare_digest(plain(code).encode(), plain(expected).encode())


def grouped(text: str, between: str = " ") -> str:
    return between.join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def _check_digit(digits: str) -> str:
    row = 0
    for digit in digits:
        row = int(DAMM[row][int(digit)])
    return str(row)


def plain(text: str) -> str:
    """As it is compared, however it was typed."""
    upper = unicodedata.normalize("NFKC", text[:100]).upper()
    return "".join(one for one in upper if one.isalnum())
