"""Erlang C: how many agents a number of calls needs to be answered in time. Exact decimals, so that all hosts agree."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, localcontext
from functools import cache

_DIGITS = 34
MOST_AGENTS = 2000


@cache
def waiting_share(load: Decimal, agents: int) -> Decimal:
    """The probability that a call has to wait, for `load` erlangs on so many agents; 1 where they cannot keep up."""
    if load <= 0:
        return Decimal(0)
    if agents <= load:
        return Decimal(1)
    with localcontext() as context:
        context.prec = _DIGITS
        blocked = Decimal(1)  # Erlang B, one agent after the other
        for number in range(1, agents + 1):
            blocked = load * blocked / (number + load * blocked)
        return agents * blocked / (agents - load * (1 - blocked))


@cache
def answered_in_time(load: Decimal, agents: int, handling: Decimal, within: Decimal) -> Decimal:
    """The share of calls answered within so many seconds, calls being handled in `handling` seconds each."""
    if load <= 0:
        return Decimal(1)
    if agents <= load:
        return Decimal(0)
    with localcontext() as context:
        context.prec = _DIGITS
        return 1 - waiting_share(load, agents) * (-(agents - load) * within / handling).exp()


def erlangs(calls: Decimal, handling: Decimal, seconds: Decimal) -> Decimal:
    """Calls of an interval of so many seconds as the load they make."""
    with localcontext() as context:
        context.prec = _DIGITS
        return calls * handling / seconds


@cache
def agents_needed(load: Decimal, share: Decimal, handling: Decimal, within: Decimal) -> int:
    """The fewest agents at the telephone that answer `share` of the calls in time."""
    if load <= 0:
        return 0
    agents = int(load.to_integral_value(ROUND_CEILING))
    while agents < MOST_AGENTS and answered_in_time(load, agents, handling, within) < share:
        agents += 1
    return agents


def on_the_roster(agents: int, shrinkage: Decimal) -> int:
    """With those who are away at any time: training, breaks, illness."""
    return int((agents / (1 - shrinkage)).to_integral_value(ROUND_CEILING))
