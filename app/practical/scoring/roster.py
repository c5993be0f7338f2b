"""A roster against the need: how much of the work of each interval is staffed, and which limits are broken.

The need of an interval is what Erlang C asks for, with those away. A plan is worth the share of the need that it
staffs, less a tenth for each limit broken (once for each person, pair or shift), and is compared with the best plan
known for the task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.practical.scoring.erlang import agents_needed, answered_in_time, erlangs, on_the_roster
from app.practical.scoring.values import NOTHING, ONE, Done, Scored, floored, shown, standing
from question_bank.tasks.planning import Interval, Roster
from question_bank.tasks.rostering import Breach, breaches, on_duty

BREACH = Decimal("0.1")
Plan = Mapping[str, str]
"""Staff to shift; who is not named is off."""


def needs(roster: Roster) -> list[int]:
    """People on the roster that each interval needs."""
    level, handling = roster.service_level, Decimal(roster.aht)
    agents = [
        agents_needed(_load(roster, one), level.share, handling, Decimal(level.seconds)) for one in roster.intervals
    ]
    return [on_the_roster(number, roster.shrinkage) for number in agents]


def levels(roster: Roster) -> list[list[str]]:
    """The service level of each interval with 0, 1, 2 … people on the roster: pages need not reckon it themselves."""
    within, handling = Decimal(roster.service_level.seconds), Decimal(roster.aht)
    there = [int(people * (1 - roster.shrinkage)) for people in range(len(roster.staff) + 1)]
    return [
        [shown(100 * answered_in_time(_load(roster, one), agents, handling, within)) for agents in there]
        for one in roster.intervals
    ]


def met(needed: Sequence[int], there: Sequence[int]) -> Decimal:
    total = sum(needed)
    return Decimal(sum(map(min, needed, there))) / total if total else ONE


def value(roster: Roster, plan: Plan) -> Decimal:
    broken = {_about(breach) for breach in breaches(roster, plan)}
    return max(NOTHING, met(needs(roster), on_duty(roster, plan)) - BREACH * len(broken))


def score(block: Mapping[str, Any], entries: Sequence[Done]) -> Scored:
    roster = Roster.model_validate(block)
    staff, shifts = {one.id for one in roster.staff}, {one.id for one in roster.shifts}
    plan = {who: shift for who, shift in standing(entries).items() if who in staff and shift in shifts}
    best = value(roster, roster.best) or ONE
    needed, there = needs(roster), on_duty(roster, plan)
    facts = {
        "met": shown(100 * met(needed, there)),
        "best": shown(100 * best),
        "intervals": [
            {"from": one.start, "need": need, "there": count}
            for one, need, count in zip(roster.intervals, needed, there, strict=True)
        ],
        "breaches": [_told(one) for one in breaches(roster, plan)],
        "plan": plan,
    }
    return Scored(floored(value(roster, plan) / best), facts)


def _load(roster: Roster, interval: Interval) -> Decimal:
    return erlangs(Decimal(interval.calls), Decimal(roster.aht), Decimal(roster.interval_minutes * 60))


def _about(breach: Breach) -> tuple[Any, ...]:
    """The same limit broken at many times of the day is one fault."""
    return (breach.message, *(str(breach.params.get(name)) for name in ("person", "shift", "one", "other", "name")))


def _told(breach: Breach) -> dict[str, Any]:
    params = {name: given if isinstance(given, int | str) else str(given) for name, given in breach.params.items()}
    return {"limit": breach.limit, "message": breach.message, "params": params}
