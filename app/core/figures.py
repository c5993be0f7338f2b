"""Figures that people and programs send, read as exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?")


def exact_number(given: object) -> Decimal | None:
    """An exact decimal, or None for what is none: NaN, infinities, true, texts of other kinds."""
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        return Decimal(given.strip()) if _PLAIN.fullmatch(given.strip()) else None
    if isinstance(given, float):
        given = Decimal(repr(given))
    if isinstance(given, int | Decimal):
        number = Decimal(given)
        return number if number.is_finite() else None
    return None
