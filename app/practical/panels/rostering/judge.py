"""What is wrong with a roster, rule by rule. It shares nothing with the solver, so it can judge its work.

A roster of some of the candidates is judged as far as it goes: what is wrong in it stays wrong whatever is added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from app.practical.panels.rostering.values import Plan, Problem, Roster, Rules, Station, Turn

Interval = tuple[int, int]


def violations(problem: Problem, roster: Roster) -> list[str]:
    return [*_alone(problem, roster), *_together(problem, roster)]


def _alone(problem: Problem, roster: Roster) -> Iterator[str]:
    """Each candidate's plan for itself."""
    serves = {one.id: one for one in problem.stations}
    for candidate, plan in roster.items():
        if plan.first == plan.second or not {*plan.pair} <= {*problem.examiners}:
            yield f"pair of {candidate}"
        if any((candidate, examiner) in problem.ties for examiner in plan.pair):
            yield f"tie of {candidate}"
        yield from _turns(problem, candidate, plan, serves)
        if crowded([(turn.start, turn.end) for turn in plan.turns], problem.rules.gap):
            yield f"two places for {candidate}"
        if plan.turns and _end(plan) - _start(plan) > problem.rules.span:
            yield f"span of {candidate}"
        if not _one_block(problem, candidate, plan):
            yield f"block of {candidate}"


def _turns(problem: Problem, candidate: int, plan: Plan, serves: Mapping[int, Station]) -> Iterator[str]:
    if Counter(turn.slot for turn in plan.turns) != Counter(task.slot for task in problem.tasks):
        yield f"tasks of {candidate}"
    for task in problem.tasks:
        for turn in plan.turns:
            if turn.slot == task.slot and turn.minutes != problem.minutes(candidate, task):
                yield f"minutes of {candidate} at {task.slot}"
    for turn in plan.turns:
        station = serves.get(turn.station)
        if station is None or turn.slot not in station.slots or not 1 <= turn.place <= station.places:
            yield f"station of {candidate} at {turn.slot}"
        if turn.start < 0 or turn.end > problem.window:
            yield f"window of {candidate} at {turn.slot}"


def _together(problem: Problem, roster: Roster) -> Iterator[str]:
    rules = problem.rules
    places: dict[tuple[int, int], list[Interval]] = defaultdict(list)
    attends: dict[int, list[Interval]] = defaultdict(list)
    for plan in roster.values():
        for turn in _held(problem, plan):
            places[turn.station, turn.place].append((turn.start, turn.end))
        if block := block_of(problem, plan):
            for examiner in plan.pair:
                attends[examiner].append(block)
    for key, intervals in places.items():
        if crowded(intervals, rules.gap):
            yield f"place {key} twice"
    for examiner, intervals in attends.items():
        if crowded(intervals, rules.gap):
            yield f"examiner {examiner} twice"
        if unrested(intervals, rules):
            yield f"rest of {examiner}"
    for limit, loads in (
        (rules.max_first, Counter(plan.first for plan in roster.values())),
        (rules.max_second, Counter(plan.second for plan in roster.values())),
    ):
        yield from (f"load of {examiner}" for examiner, load in loads.items() if load > limit)
    stays = [(_start(plan), _end(plan)) for plan in roster.values() if plan.turns]
    if any(sum(start <= at < end for start, end in stays) > rules.capacity for at, _ in stays):
        yield "capacity"


def block_of(problem: Problem, plan: Plan) -> Interval | None:
    """From the start of the attended tasks to their end."""
    slots = {task.slot for task in problem.attended}
    turns = [turn for turn in plan.turns if turn.slot in slots]
    return (min(turn.start for turn in turns), max(turn.end for turn in turns)) if turns else None


def unrested(intervals: Sequence[Interval], rules: Rules) -> bool:
    """Whether somebody attends longer than a stretch without a rest in between."""
    began = None
    last = 0
    for start, end in sorted(intervals):
        if began is None or start - last >= rules.rest:
            began = start
        if end - began > rules.stretch:
            return True
        last = end
    return False


def crowded(intervals: Sequence[Interval], gap: int) -> bool:
    return any(before[1] + gap > after[0] for before, after in pairwise(sorted(intervals)))


def _held(problem: Problem, plan: Plan) -> list[Turn]:
    """The turns as their places are taken: the block of attended tasks holds its station as a whole."""
    slots = {task.slot for task in problem.attended}
    held = [turn for turn in plan.turns if turn.slot not in slots]
    if block := block_of(problem, plan):
        first = min((turn for turn in plan.turns if turn.slot in slots), key=lambda turn: turn.start)
        held.append(Turn("", first.station, first.place, block[0], block[1] - block[0]))
    return held


def _one_block(problem: Problem, candidate: int, plan: Plan) -> bool:
    """The attended tasks follow one another in their order, at one station."""
    turns = sorted((turn for turn in plan.turns if problem.attended and _is_attended(problem, turn)), key=_when)
    if not turns:
        return not problem.attended
    order = [task.slot for task in problem.attended]
    at_once = all(before.end + problem.rules.gap == after.start for before, after in pairwise(turns))
    one_place = len({(turn.station, turn.place) for turn in turns}) == 1
    return at_once and one_place and [turn.slot for turn in turns] == order


def _is_attended(problem: Problem, turn: Turn) -> bool:
    return any(task.slot == turn.slot for task in problem.attended)


def _when(turn: Turn) -> int:
    return turn.start


def _start(plan: Plan) -> int:
    return min(turn.start for turn in plan.turns)


def _end(plan: Plan) -> int:
    return max(turn.end for turn in plan.turns)
