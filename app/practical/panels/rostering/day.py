"""A day that stands and what has become of it: the values a roster is solved again with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.practical.panels.rostering.book import Stay
from app.practical.panels.rostering.values import Plan, Problem


@dataclass(frozen=True)
class Day:
    """What stands and what holds from now on."""

    former: Mapping[int, Plan]
    now: int = 0
    begun: frozenset[int] = frozenset()
    """Whose block goes on or is over, or whose sheets hold marks: their examiners and their block stay."""
    away: frozenset[int] = frozenset()
    """Examiners who attend nobody any more."""
    done: frozenset[tuple[int, str]] = frozenset()
    """Tasks at computers that were begun, whatever the clock says."""
    out: frozenset[int] = frozenset()
    """Stations out of order."""


def changed(former: Plan, after: Plan) -> int:
    """Examiners and turns of one candidate that are others now; another place at the same station is none."""
    before = {turn.slot: (turn.station, turn.start) for turn in former.turns}
    turns = sum(before.get(turn.slot) != (turn.station, turn.start) for turn in after.turns)
    return (former.first != after.first) + (former.second != after.second) + turns


def under_way(problem: Problem, day: Day) -> set[int]:
    """Whose block has begun."""
    attended = {task.slot for task in problem.attended}
    late = {
        candidate
        for candidate, plan in day.former.items()
        if any(turn.start < day.now and turn.slot in attended for turn in plan.turns)
    }
    return late | day.begun


def stay_of(problem: Problem, plan: Plan) -> Stay:
    attended = {task.slot for task in problem.attended}
    block = [turn for turn in plan.turns if turn.slot in attended]
    errands = tuple((turn.slot, turn.station, turn.start) for turn in plan.turns if turn.slot not in attended)
    desk, start = (block[0].station, min(turn.start for turn in block)) if block else (0, 0)
    return Stay(plan.first, plan.second, desk, start, errands)
