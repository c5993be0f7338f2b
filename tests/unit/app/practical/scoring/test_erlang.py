"""Erlang C against published tables and figures worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring.erlang import agents_needed, answered_in_time, erlangs, on_the_roster, waiting_share

D = Decimal


@pytest.mark.parametrize(
    "load, agents, expected",
    [
        ("1", 2, "0.3333"),  # by hand: B = 1/5, C = 2·B/(2-1+B) = 1/3
        ("2", 3, "0.4444"),  # by hand: B = 4/19, C = 4/9
        ("10", 11, "0.6821"),
        ("10", 13, "0.2853"),
        ("10", 14, "0.1741"),  # the textbook example of 100 calls of 3 minutes in half an hour
        ("20", 25, "0.2091"),
    ],
)
def test_probability_of_waiting(load: str, agents: int, expected: str) -> None:
    assert abs(waiting_share(D(load), agents) - D(expected)) < D("0.00006")


def test_the_textbook_example() -> None:
    """100 calls of 180 seconds in 30 minutes, 80 % in 20 seconds: 14 agents answer 88.8 %, 13 only 79.6 %."""
    load = erlangs(D(100), D(180), D(1800))
    assert load == 10
    assert abs(answered_in_time(load, 14, D(180), D(20)) - D("0.888")) < D("0.0005")
    assert abs(answered_in_time(load, 13, D(180), D(20)) - D("0.796")) < D("0.0005")
    assert agents_needed(load, D("0.8"), D(180), D(20)) == 14
    assert on_the_roster(14, D("0.3")) == 20


def test_edges() -> None:
    assert waiting_share(D(5), 5) == 1
    assert answered_in_time(D(5), 5, D(180), D(20)) == 0
    assert agents_needed(D(0), D("0.8"), D(180), D(20)) == 0
    assert answered_in_time(D(0), 0, D(180), D(20)) == 1


@given(st.integers(1, 400), st.integers(1, 60))
def test_more_agents_never_answer_fewer(tenths: int, agents: int) -> None:
    load = D(tenths) / 10
    one, more = (answered_in_time(load, number, D(240), D(20)) for number in (agents, agents + 1))
    assert 0 <= one <= more <= 1


@given(st.integers(0, 400), st.integers(50, 95))
def test_the_need_suffices_and_one_less_does_not(tenths: int, percent: int) -> None:
    load, share = D(tenths) / 10, D(percent) / 100
    needed = agents_needed(load, share, D(240), D(20))
    assert answered_in_time(load, needed, D(240), D(20)) >= share
    assert not needed or answered_in_time(load, needed - 1, D(240), D(20)) < share
