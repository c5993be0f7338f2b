"""A practical as the solver sees it: minutes from the opening, numbers for people and stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Task:
    slot: str
    minutes: int
    attended: bool


@dataclass(frozen=True)
class Station:
    """Where tasks are shown: one candidate at a time before a pair of examiners, or so many at computers."""

    id: int
    slots: frozenset[str]
    places: int = 1


@dataclass(frozen=True)
class Rules:
    span: int = 120
    """From the first task of a candidate to the end of the last."""
    gap: int = 2
    """Between two tasks of a candidate, and between two candidates at one place or before one examiner."""
    stretch: int = 120
    """So long an examiner attends without a rest."""
    rest: int = 10
    capacity: int = 100_000
    """Candidates on site at once, each from the first task to the end of the last."""
    max_first: int = 20
    max_second: int = 20
    ratio: int = 20
    at_least: int = 2

    @property
    def most(self) -> int:
        """Candidates of one examiner, first and second together."""
        return 2 * min(self.max_first, self.max_second)


@dataclass(frozen=True)
class Turn:
    slot: str
    station: int
    place: int
    start: int
    minutes: int

    @property
    def end(self) -> int:
        return self.start + self.minutes


@dataclass(frozen=True)
class Plan:
    """Everything about one candidate's day; the turns in the order of time."""

    first: int
    second: int
    turns: tuple[Turn, ...]

    @property
    def pair(self) -> tuple[int, int]:
        return self.first, self.second


Roster = Mapping[int, Plan]


@dataclass(frozen=True)
class Problem:
    candidates: tuple[int, ...]
    examiners: tuple[int, ...]
    ties: frozenset[tuple[int, int]]
    """Pairs (candidate, examiner) that must not meet."""
    tasks: tuple[Task, ...]
    stations: tuple[Station, ...]
    window: int
    """Minutes from the session's opening to its closing."""
    rules: Rules = Rules()
    longer: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """More minutes for a candidate at a task."""

    @cached_property
    def attended(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.attended)

    @cached_property
    def alone(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if not task.attended)

    @cached_property
    def desks(self) -> tuple[Station, ...]:
        """Stations where the whole block of attended tasks can be shown."""
        wanted = frozenset(task.slot for task in self.attended)
        return tuple(one for one in self.stations if wanted and wanted <= one.slots)

    @cached_property
    def serving(self) -> dict[str, tuple[Station, ...]]:
        return {task.slot: tuple(one for one in self.stations if task.slot in one.slots) for task in self.alone}

    def minutes(self, candidate: int, task: Task) -> int:
        return task.minutes + self.longer.get((candidate, task.slot), 0)

    def block(self, candidate: int) -> int:
        """Minutes of the attended tasks, shown one after the other at one station before one pair."""
        return self._chain([self.minutes(candidate, task) for task in self.attended])

    def presence(self, candidate: int) -> int:
        """The fewest minutes between a candidate's first start and last end."""
        return self._chain([self.minutes(candidate, task) for task in self.tasks])

    def form(self, candidate: int) -> tuple[int, ...]:
        """The minutes of every task: candidates of one form are alike to the clock."""
        return tuple(self.minutes(candidate, task) for task in self.tasks)

    def allowed(self, candidate: int) -> list[int]:
        return [one for one in self.examiners if (candidate, one) not in self.ties]

    def _chain(self, minutes: list[int]) -> int:
        return sum(minutes) + self.rules.gap * (len(minutes) - 1) if minutes else 0
