"""Places in numbers: which computer or seat of a station each candidate takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.practical.panels.rostering.book import Stay
from app.practical.panels.rostering.values import Plan, Problem, Station, Turn


def plans_of(problem: Problem, stays: dict[int, Stay], former: dict[int, Plan] | None = None) -> dict[int, Plan]:
    """The stays with numbered places: what stood keeps its place, the others take the lowest free one."""
    former = former or {}
    turns: dict[int, list[Turn]] = {candidate: [] for candidate in stays}
    by_station: dict[int, list[tuple[int, int, int, str]]] = {}
    for candidate, stay in stays.items():
        at = stay.start
        for task in problem.attended:
            minutes = problem.minutes(candidate, task)
            turns[candidate].append(Turn(task.slot, stay.desk, 1, at, minutes))
            at += minutes + problem.rules.gap
        lengths = {task.slot: problem.minutes(candidate, task) for task in problem.alone}
        for slot, station, start in stay.errands:
            by_station.setdefault(station, []).append((start, lengths[slot], candidate, slot))
    stations = {one.id: one for one in problem.stations}
    for station, held in by_station.items():
        for (start, length, candidate, slot), place in _numbered(stations[station], sorted(held), former, problem):
            turns[candidate].append(Turn(slot, station, place, start, length))
    return {
        candidate: Plan(stay.first, stay.second, tuple(sorted(turns[candidate], key=lambda turn: turn.start)))
        for candidate, stay in stays.items()
    }


Held = tuple[int, int, int, str]


def _numbered(
    station: Station, held: Sequence[Held], former: dict[int, Plan], problem: Problem
) -> Iterable[tuple[Held, int]]:
    stood = {
        (candidate, turn.slot): turn.place
        for candidate, plan in former.items()
        for turn in plan.turns
        if turn.station == station.id
    }
    standing = [one for one in held if _unmoved(one, former, station.id)]
    for first in (standing, []):
        found = _given(station, first, [one for one in held if one not in {*first}], stood, problem.rules.gap)
        if found is not None:
            return found.items()
    raise AssertionError("more candidates at a station than it has places")  # the counts forbid it


def _unmoved(held: Held, former: dict[int, Plan], station: int) -> bool:
    start, _, candidate, slot = held
    plan = former.get(candidate)
    return plan is not None and any(
        turn.slot == slot and turn.station == station and turn.start == start for turn in plan.turns
    )


def _given(
    station: Station, first: Sequence[Held], then: Sequence[Held], stood: dict[tuple[int, str], int], gap: int
) -> dict[Held, int] | None:
    taken = [0] * (station.places + 1)
    given: dict[Held, int] = {}
    for one in [*first, *then]:
        start, length, candidate, slot = one
        mask = ((1 << (length + gap)) - 1) << start
        wish = stood.get((candidate, slot), 1)
        order = [wish, *range(1, station.places + 1)] if wish <= station.places else range(1, station.places + 1)
        place = next((place for place in order if not taken[place] & mask), None)
        if place is None:
            return None
        taken[place] |= mask
        given[one] = place
    return given
