"""What is taken, as a bit for each minute: stations, examiners, the site. So a question is one operation on numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.practical.panels.rostering.judge import unrested
from app.practical.panels.rostering.values import Problem


@dataclass(frozen=True)
class Stay:
    """One candidate's plan before places are numbered: block, errands at computers, and the pair."""

    first: int
    second: int
    desk: int
    start: int
    errands: tuple[tuple[str, int, int], ...]
    """(slot, station, start)"""


def runs(free: int, length: int) -> int:
    """The minutes at which `length` free ones begin."""
    have = 1
    while have < length and free:
        step = min(have, length - have)
        free &= free >> step
        have += step
    return free


def earliest(starts: int, at: int) -> int | None:
    later = starts >> at
    return at + (later & -later).bit_length() - 1 if later else None


class Shelf:
    """So many alike places: how many are taken at each minute, and when all are."""

    __slots__ = ("all", "blocked", "full", "known", "places", "taken")

    def __init__(self, places: int, minutes: int) -> None:
        self.places = places
        self.all = (1 << minutes) - 1
        self.known: dict[int, int] = {}
        self.blocked = 0
        """Minutes nothing new may begin or last in: what is over, and a station out of order."""
        self.taken = [0] * minutes
        self.full = 0 if places > 0 else (1 << minutes) - 1

    def change(self, start: int, length: int, by: int) -> None:
        taken, places, mask = self.taken, self.places, 0
        for minute in range(start, start + length):
            before = taken[minute]
            taken[minute] = before + by
            if (before + by >= places) != (before >= places):
                mask |= 1 << minute
        if mask:
            self.full ^= mask
            self.known.clear()

    def starts(self, length: int) -> int:
        """The minutes at which so many free ones begin."""
        known = self.known.get(length)
        if known is None:
            known = self.known[length] = runs(self.all & ~(self.full | self.blocked), length)
        return known

    def fits(self, start: int, length: int) -> bool:
        return not ((self.full | self.blocked) >> start) & ((1 << length) - 1)

    def stays(self, start: int, length: int) -> bool:
        """Whether what has begun there can go on: nobody else took it meanwhile."""
        return not (self.full >> start) & ((1 << length) - 1)


class Book:
    """The stays entered so far; every length is kept with the gap behind it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.gap = problem.rules.gap
        self.minutes = problem.window + self.gap
        self.all = (1 << max(self.minutes, 0)) - 1
        size = max(self.minutes, 0)
        self.shelves = {one.id: Shelf(one.places, size) for one in problem.stations}
        self.desks = {one.id: Shelf(1, size) for one in problem.desks}
        self.site = Shelf(problem.rules.capacity, size)
        self.busy = dict.fromkeys(problem.examiners, 0)
        self.blocks: dict[int, list[tuple[int, int]]] = {one: [] for one in problem.examiners}
        self.load = dict.fromkeys(problem.examiners, 0)
        self.roles: Counter[tuple[int, int]] = Counter()
        """How often an examiner is first (0) and second (1)."""
        self.stays: dict[int, Stay] = {}

    def shelf(self, station: int, *, attended: bool) -> Shelf:
        return self.desks[station] if attended else self.shelves[station]

    def add(self, candidate: int, stay: Stay) -> None:
        self.stays[candidate] = stay
        self._enter(candidate, stay, 1)

    def remove(self, candidate: int) -> Stay:
        stay = self.stays.pop(candidate)
        self._enter(candidate, stay, -1)
        return stay

    def _enter(self, candidate: int, stay: Stay, by: int) -> None:
        problem = self.problem
        lengths = {task.slot: problem.minutes(candidate, task) for task in problem.alone}
        low, high = bounds_of(problem, candidate, stay)
        for slot, station, start in stay.errands:
            self.shelves[station].change(start, lengths[slot] + self.gap, by)
        if low < high:
            self.site.change(low, high - low, by)
        for role, examiner in enumerate((stay.first, stay.second)):
            self.load[examiner] = self.load.get(examiner, 0) + by
            self.roles[examiner, role] += by
        if problem.attended:
            length = problem.block(candidate)
            self.desks[stay.desk].change(stay.start, length + self.gap, by)
            for examiner in (stay.first, stay.second):
                self.attend(examiner, stay.start, length, by)

    def attend(self, examiner: int, start: int, length: int, by: int) -> None:
        mask = ((1 << (length + self.gap)) - 1) << start
        block = (start, start + length)
        if by > 0:
            self.busy[examiner] = self.busy.get(examiner, 0) | mask
            self.blocks.setdefault(examiner, []).append(block)
        else:
            self.busy[examiner] &= ~mask
            self.blocks[examiner].remove(block)

    def is_free(self, examiner: int, start: int, length: int) -> bool:
        return not (self.busy[examiner] >> start) & ((1 << (length + self.gap)) - 1)

    def can_attend(self, examiner: int, start: int, length: int) -> bool:
        """Free then, and rested with this block among the others."""
        if not self.is_free(examiner, start, length):
            return False
        return not unrested([*self.blocks[examiner], (start, start + length)], self.problem.rules)

    def starts_of(self, shelf: Shelf, length: int) -> int:
        return shelf.starts(length + self.gap)


def bounds_of(problem: Problem, candidate: int, stay: Stay) -> tuple[int, int]:
    """When the candidate comes and goes."""
    lengths = {task.slot: problem.minutes(candidate, task) for task in problem.alone}
    starts = [start for _, _, start in stay.errands]
    ends = [start + lengths[slot] for slot, _, start in stay.errands]
    if problem.attended:
        starts.append(stay.start)
        ends.append(stay.start + problem.block(candidate))
    return (min(starts), max(ends)) if starts else (0, 0)
