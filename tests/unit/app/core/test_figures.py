"""Figures are exact decimals or none at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.figures import exact_number


@pytest.mark.parametrize(
    ("given", "found"), [("6", "6"), (" 6.50 ", "6.5"), ("-1", "-1"), (7, "7"), (0.1, "0.1"), (Decimal("2.5"), "2.5")]
)
def test_numbers_are_exact(given: object, found: str) -> None:
    assert exact_number(given) == Decimal(found)


@pytest.mark.parametrize(
    "given", ["", "六", "６", "1_0", "1e3", "nan", "Infinity", float("nan"), float("inf"), True, None, [1]]
)
def test_anything_else_is_no_number(given: object) -> None:
    assert exact_number(given) is None
