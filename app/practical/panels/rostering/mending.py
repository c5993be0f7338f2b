"""What would help: more of what is lacking, tried on the solver itself before it is named."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.errors import Refusal
from app.practical.panels.allocation import allocate
from app.practical.panels.rostering.bounds import Bound, blocks_in, bounds, shortest
from app.practical.panels.rostering.building import build
from app.practical.panels.rostering.remedy import CAPACITY, DESKS, EXAMINERS, PLACES, WINDOW, Remedy, mended
from app.practical.panels.rostering.values import Problem

FEW, MANY = 120, 400
TRIALS_OF_FEW, TRIALS, TRIALS_OF_MANY = 6, 3, 2
"""Rosters built on trial for each way to help; fewer where building one takes long."""
ATTEMPTS, ATTEMPTS_OF_MANY = 3, 2
"""Of the ways to build a roster, so many are tried each time."""
ROUNDS = 40


def lacking(problem: Problem) -> Bound | None:
    """The first count that forbids a roster."""
    return next(bounds(problem), None)


def unpaired(problem: Problem) -> Bound | None:
    """Whether ties and limits leave somebody without two examiners, whatever the time."""
    rules = problem.rules
    try:
        allocate(problem.candidates, problem.examiners, problem.ties, rules.max_first, rules.max_second)
    except Refusal as refusal:
        named, more = tuple(refusal.details["candidates"]), refusal.details.get("more", 2)
        remedy = Remedy(EXAMINERS, more, candidates=named)
        have = len(problem.examiners)
        return Bound("ties_and_limits", have, have + more, (remedy,), candidates=named)
    return None


def remedies(problem: Problem, bound: Bound) -> list[list[Remedy]]:
    """Ways to help, each of which leads to a roster: more people and places, or a longer session."""
    ways = [_mend(problem, bound, (EXAMINERS, DESKS, PLACES, CAPACITY)), _mend(problem, bound, (WINDOW,))]
    found: list[list[Remedy]] = []
    for way in ways:
        if way and way not in found:
            found.append(way)
    return found


def _mend(problem: Problem, bound: Bound, first: Sequence[str]) -> list[Remedy] | None:
    current, share = problem, 12
    many, pushed = len(problem.candidates) >= MANY, False
    trials = TRIALS_OF_MANY if many else TRIALS if len(problem.candidates) > FEW else TRIALS_OF_FEW
    used: dict[tuple[str, tuple[str, ...], tuple[int, ...]], int] = {}
    lack: Bound | None = bound
    for _ in range(ROUNDS):
        offered = [one for one in lack.remedies if one.count > 0] if lack else []
        if lack is not None and not offered and lacking(current) is not None:
            return None
        if lack is not None and (used or offered):
            chosen: list[Remedy | None] = [
                next((one for one in offered if one.kind in first), next(iter(offered), None))
            ]
        elif many and not pushed:
            chosen, pushed = [*_push(current, first, share)], True
        else:
            if used and build(current, ATTEMPTS_OF_MANY if many else ATTEMPTS) is not None:
                way = [Remedy(kind, count, slots, named) for (kind, slots, named), count in used.items()]
                return way if many else _shorter(problem, way)
            trials -= 1 if used else 0
            chosen = [*_push(current, first, share)] if trials else []
            share = max(3, share // 2)
        if not chosen or chosen[0] is None:
            return None
        for remedy in chosen:
            if remedy is not None:
                current = mended(current, remedy)
                key = (remedy.kind, remedy.slots, remedy.candidates)
                used[key] = used.get(key, 0) + remedy.count
        lack = lacking(current)
    return None


def _shorter(problem: Problem, way: list[Remedy]) -> list[Remedy]:
    """Places for this task and for that one said as so many places for all of them, if those help as well."""
    places = [one for one in way if one.kind == PLACES]
    if len(places) < 2:
        return way
    named = {slot for one in places for slot in one.slots}
    slots = tuple(task.slot for task in problem.alone if task.slot in named)
    short = [*(one for one in way if one.kind != PLACES), Remedy(PLACES, sum(one.count for one in places), slots)]
    current = problem
    for remedy in short:
        current = mended(current, remedy)
    helps = lacking(current) is None and build(current, ATTEMPTS) is not None
    return short if helps else way


def _push(problem: Problem, first: Sequence[str], share: int) -> list[Remedy]:
    """Some more of all that is scarce, where nothing is lacking by the count."""
    if WINDOW in first:
        return [Remedy(WINDOW, max(1, problem.window // share))]
    count = len(problem.candidates)
    scarce: list[tuple[float, Remedy]] = []
    if problem.attended:
        each = max(1, blocks_in(problem.window, shortest(problem), problem.rules))
        teams, desks = max(1, len(problem.examiners) // 2), len(problem.desks)
        scarce.append((count / each / teams, Remedy(EXAMINERS, 2 * max(1, teams // share))))
        if desks <= teams:
            scarce.append((count / each / desks, Remedy(DESKS, max(1, desks // share), _slots(problem))))
    for task in problem.alone:
        places = sum(one.places for one in problem.serving[task.slot])
        minutes = sum(problem.minutes(one, task) + problem.rules.gap for one in problem.candidates)
        scarce.append((minutes / places / problem.window, Remedy(PLACES, max(1, places // share), (task.slot,))))
    if len(slots := tuple(task.slot for task in problem.alone)) > 1:  # rooms that several tasks share
        places = sum(one.places for one in {one for slot in slots for one in problem.serving[slot]})
        minutes = sum(
            problem.minutes(one, task) + problem.rules.gap for one in problem.candidates for task in problem.alone
        )
        scarce.append((minutes / places / problem.window, Remedy(PLACES, max(1, places // share), slots)))
    present = sum(problem.presence(one) for one in problem.candidates) / problem.window / problem.rules.capacity
    scarce.append((present, Remedy(CAPACITY, max(1, problem.rules.capacity // share))))
    most = max(one[0] for one in scarce)
    return [remedy for used, remedy in scarce if used > most * 0.85]


def _slots(problem: Problem) -> tuple[str, ...]:
    return tuple(task.slot for task in problem.attended)
