from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.web.registrar.score_plot import HIGH, LEAST, score_plot

marks = st.decimals(0, 100, places=2)


def plotted(*scores: str) -> dict[int, int]:
    plot = score_plot([Decimal(one) for one in scores], Decimal(60), 100)
    assert plot is not None
    return {bar.low: bar.count for bar in plot.bars if bar.count}


def test_each_score_stands_in_its_bar() -> None:
    assert plotted("0", "4.99", "59.99", "60", "100") == {0: 2, 55: 1, 60: 1, 95: 1}


def test_of_a_few_nothing_is_drawn() -> None:
    assert score_plot([Decimal(70)] * (LEAST - 1), Decimal(60), 100) is None


@given(st.lists(marks, min_size=LEAST, max_size=60))
def test_nobody_is_left_out_and_only_passes_stand_right_of_the_mark(scores: list[Decimal]) -> None:
    plot = score_plot(scores, Decimal(60), 100)
    assert plot is not None
    assert sum(bar.count for bar in plot.bars) == len(scores) == plot.count
    assert sum(bar.count for bar in plot.bars if bar.passes) == sum(score >= 60 for score in scores)
    assert all((bar.height > 0) == (bar.count > 0) and bar.height <= HIGH for bar in plot.bars)
    assert plot.lowest <= plot.middle <= plot.highest
