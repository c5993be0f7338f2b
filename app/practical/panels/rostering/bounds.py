"""What forbids a roster whatever the order: by counting people, minutes and places. Each bound says what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from app.practical.panels.rostering.remedy import CAPACITY, DESKS, EXAMINERS, PLACES, WINDOW, Remedy
from app.practical.panels.rostering.values import Problem, Rules, Station


@dataclass(frozen=True)
class Bound:
    constraint: str
    have: int
    need: int
    remedies: tuple[Remedy, ...]
    candidates: tuple[int, ...] = ()
    slots: tuple[str, ...] = ()


def bounds(problem: Problem) -> Iterator[Bound]:
    """Every count that forbids a roster; what is wrong with the set-up itself comes first and alone."""
    if not problem.candidates:
        return
    broken = list(_set_up(problem))
    yield from broken
    if not broken:
        yield from _people(problem)
        yield from _desks(problem)
        yield from _computers(problem)
        yield from _capacity(problem)


def _set_up(problem: Problem) -> Iterator[Bound]:
    """Tasks without a station, and tasks too long for anybody's day."""
    for task in problem.alone:
        if not problem.serving[task.slot]:
            yield Bound("task_without_station", 0, 1, (Remedy(PLACES, 1, (task.slot,)),), slots=(task.slot,))
    if problem.attended and not problem.desks:
        slots = tuple(task.slot for task in problem.attended)
        yield Bound("block_without_station", 0, 1, (Remedy(DESKS, 1, slots),), slots=slots)
    longest = max(problem.candidates, key=problem.presence)
    need, rules = problem.presence(longest), problem.rules
    if need > rules.span:
        yield Bound("span_too_short", rules.span, need, (), candidates=(longest,))
    elif need > problem.window:
        yield Bound("window_too_short", problem.window, need, (Remedy(WINDOW, need - problem.window),))
    block = max(problem.block(one) for one in problem.candidates)
    if block > rules.stretch:
        yield Bound("stretch_too_short", rules.stretch, block, ())
    if rules.capacity < 1:
        yield Bound("site_capacity", rules.capacity, 1, (Remedy(CAPACITY, 1),))


def _people(problem: Problem) -> Iterator[Bound]:
    rules, count, have = problem.rules, len(problem.candidates), len(problem.examiners)
    need = max(rules.at_least, -(-count // rules.ratio), -(-2 * count // rules.most) if rules.most else have + 1)
    if have < need:
        yield Bound("too_few_examiners", have, need, (Remedy(EXAMINERS, need - have),))
        return
    free = {one: len(problem.allowed(one)) for one in problem.candidates}
    if tied := tuple(one for one, others in free.items() if others < 2):
        fewest = min(free[one] for one in tied)
        more = Remedy(EXAMINERS, 2 - fewest, candidates=tied)
        yield Bound("ties_leave_too_few", fewest, 2, (more,), candidates=tied)
    if problem.attended and (each := blocks_in(problem.window, shortest(problem), rules)) < rules.most:
        need = -(-2 * count // each) if each else have + 1
        if have < need:
            later = _window_for(problem, -(-2 * count // have), rules)
            yield Bound("examiners_time", have, need, (Remedy(EXAMINERS, need - have), Remedy(WINDOW, later)))
            return
        if have // 2 * _in_line(problem) < count:
            need = 2 * -(-count // _in_line(problem))
            later = _line_for(problem, -(-count // (have // 2)))
            yield Bound("examiners_time", have, need, (Remedy(EXAMINERS, need - have), Remedy(WINDOW, later)))


def _desks(problem: Problem) -> Iterator[Bound]:
    """Stations for the attended block, each taking one candidate after the other."""
    if not problem.attended:
        return
    count, have, each = len(problem.candidates), len(problem.desks), _in_line(problem)
    if have * each < count:
        later = _line_for(problem, -(-count // have))
        slots = tuple(task.slot for task in problem.attended)
        need = -(-count // each) if each else have + 1
        yield Bound("desks_time", have, need, (Remedy(DESKS, need - have, slots), Remedy(WINDOW, later)), slots=slots)


def _computers(problem: Problem) -> Iterator[Bound]:
    """Any set of tasks at computers against all the places that serve one of them."""
    gap, usable = problem.rules.gap, problem.window + problem.rules.gap
    minutes = {task.slot: [problem.minutes(one, task) + gap for one in problem.candidates] for task in problem.alone}
    for size in range(1, len(minutes) + 1):
        lacking = False
        for slots in combinations(minutes, size):
            places = sum(one.places for one in problem.stations if _serves(one, slots, problem))
            lengths = [length for slot in slots for length in minutes[slot]]
            most = places * (usable // min(lengths)) if min(lengths) else len(lengths)
            if sum(lengths) <= places * usable and len(lengths) <= most:
                continue
            lacking = True
            need = max(-(-sum(lengths) // usable), -(-len(lengths) // max(1, usable // max(1, min(lengths)))))
            per_place = -(-len(lengths) // max(1, places))
            later = max(-(-sum(lengths) // max(1, places)), per_place * min(lengths)) - usable
            remedies = (Remedy(PLACES, max(1, need - places), slots), Remedy(WINDOW, max(1, later)))
            yield Bound("places_time", places, max(need, places + 1), remedies, slots=slots)
        if lacking:
            return


def _capacity(problem: Problem) -> Iterator[Bound]:
    rules = problem.rules
    minutes = sum(problem.presence(one) for one in problem.candidates)
    if minutes > rules.capacity * problem.window:
        need = -(-minutes // problem.window)
        later = -(-minutes // rules.capacity) - problem.window
        remedies = (Remedy(CAPACITY, need - rules.capacity), Remedy(WINDOW, later))
        yield Bound("site_capacity", rules.capacity, need, remedies)


def shortest(problem: Problem) -> int:
    return min(problem.block(one) for one in problem.candidates)


def blocks_in(window: int, length: int, rules: Rules) -> int:
    """The most blocks of that length an examiner can attend in a window, resting as often as needed."""
    if length < 1 or length > rules.stretch:
        return 0
    at, began, last, count = 0, 0, None, 0
    while True:
        if last is not None:
            at = last + rules.gap
            if at + length - began > rules.stretch or rules.gap >= rules.rest:
                at = began = max(at, last + rules.rest)
        if at + length > window:
            return count
        last, count = at + length, count + 1


def _in_line(problem: Problem) -> int:
    """Blocks one after the other at one station."""
    gap = problem.rules.gap
    return (problem.window + gap) // (shortest(problem) + gap)


def _line_for(problem: Problem, count: int) -> int:
    gap = problem.rules.gap
    return max(1, count * (shortest(problem) + gap) - gap - problem.window)


def _window_for(problem: Problem, count: int, rules: Rules) -> int:
    """How much longer the window must be for one examiner to attend so many."""
    if count > rules.most:
        return 0
    low, high = problem.window, problem.window + count * (shortest(problem) + rules.rest + rules.gap)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if blocks_in(middle, shortest(problem), rules) >= count else (middle, high)
    return high - problem.window


def _serves(station: Station, slots: tuple[str, ...], problem: Problem) -> bool:
    return any(station in problem.serving[slot] for slot in slots)
