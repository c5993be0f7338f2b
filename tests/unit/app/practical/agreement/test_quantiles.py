"""Quantiles against printed tables."""

from __future__ import annotations

import pytest

from app.practical.agreement.quantiles import beta_share, f_quantile, t_quantile


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)]
)
def test_student_at_95_percent(freedom: int, expected: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(
    ("share", "upper", "lower", "expected"),
    [
        (0.95, 1, 1, 161.45), (0.95, 2, 10, 4.103), (0.95, 5, 15, 2.901), (0.975, 5, 15, 3.576),
        (0.975, 15, 5, 6.428), (0.975, 10, 20, 2.774), (0.95, 60, 120, 1.429),
    ],
)  # fmt: skip
def test_fisher(share: float, upper: int, lower: int, expected: float) -> None:
    assert f_quantile(share, upper, lower) == pytest.approx(expected, rel=3e-4)


def test_the_beta_function_at_its_ends_and_where_it_is_plain() -> None:
    assert (beta_share(2, 3, 0), beta_share(2, 3, 1)) == (0, 1)
    assert beta_share(1, 1, 0.3) == pytest.approx(0.3)
    assert beta_share(2, 2, 0.25) == pytest.approx(3 * 0.25**2 - 2 * 0.25**3)
