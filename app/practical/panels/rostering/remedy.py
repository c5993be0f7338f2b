"""More of something, tried on a problem: what would help where there is no roster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.practical.panels.rostering.values import Problem, Station

EXAMINERS, PLACES, DESKS, WINDOW, CAPACITY = "examiners", "places", "desks", "window", "capacity"


@dataclass(frozen=True)
class Remedy:
    """So much more of something; with `slots` for these tasks, with `candidates` free of ties to them."""

    kind: str
    count: int
    slots: tuple[str, ...] = ()
    candidates: tuple[int, ...] = ()


def mended(problem: Problem, remedy: Remedy) -> Problem:
    """The same problem with the remedy in it."""
    if remedy.kind == WINDOW:
        return replace(problem, window=problem.window + remedy.count)
    if remedy.kind == CAPACITY:
        return replace(problem, rules=replace(problem.rules, capacity=problem.rules.capacity + remedy.count))
    if remedy.kind == EXAMINERS:
        last = max([0, *problem.examiners, *problem.candidates])
        fresh = tuple(range(last + 1, last + 1 + remedy.count))
        return replace(problem, examiners=(*problem.examiners, *fresh))
    last = max([0, *(one.id for one in problem.stations)])
    if remedy.kind == DESKS:
        slots = frozenset(task.slot for task in problem.attended)
        more = tuple(Station(last + 1 + number, slots) for number in range(remedy.count))
        return replace(problem, stations=(*problem.stations, *more))
    more = (Station(last + 1, frozenset(remedy.slots), remedy.count),)
    return replace(problem, stations=(*problem.stations, *more))


def told(remedy: Remedy) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": remedy.kind, "count": remedy.count}
    if remedy.slots:
        shown["slots"] = list(remedy.slots)
    if remedy.candidates:
        shown["candidates"] = list(remedy.candidates)
    return shown
