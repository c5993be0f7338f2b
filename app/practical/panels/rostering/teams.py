"""Examiners in teams of two (one of three where they are odd), and the sittings the teams hold one after the other."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.practical.panels.rostering.values import Problem, Rules

DESKS_IN_GROUP = 8
"""Where teams are more than stations, they share so many stations."""


@dataclass(frozen=True)
class Sitting:
    """Two examiners at a station for one candidate still to be found."""

    start: int
    desk: int
    one: int
    other: int


@dataclass
class _Duty:
    """How an examiner has attended so far."""

    began: int = 0
    last: int | None = None
    load: int = 0

    def next_start(self, at: int, length: int, rules: Rules) -> int:
        """The earliest start from `at` on."""
        if self.last is None:
            return at
        soonest = max(at, self.last + rules.gap)
        if soonest - self.last >= rules.rest or soonest + length - self.began <= rules.stretch:
            return soonest
        return max(soonest, self.last + rules.rest)

    def attend(self, start: int, length: int, rules: Rules) -> None:
        if self.last is None or start - self.last >= rules.rest:
            self.began = start
        self.last, self.load = start + length, self.load + 1


def teams_of(problem: Problem, turn: int = 0) -> list[tuple[int, ...]]:
    """Who is tied to the same candidates sits together, so that the others are free for those."""
    tied: dict[int, list[int]] = {one: [] for one in problem.examiners}
    for candidate, examiner in sorted(problem.ties):
        if examiner in tied:
            tied[examiner].append(candidate)
    order = sorted(problem.examiners, key=lambda one: tied[one])
    order = order[turn:] + order[:turn]
    teams = [tuple(order[index : index + 2]) for index in range(0, len(order) - 1, 2)]
    if len(order) % 2 and teams:
        teams[-1] = (*teams[-1], order[-1])
    return teams


class Backbone:
    """Sittings in the order of time; one that cannot be used is given back and tried a minute later."""

    def __init__(self, problem: Problem, teams: Sequence[tuple[int, ...]], *, staggered: bool = False) -> None:
        self.problem, self.rules, self.teams = problem, problem.rules, teams
        self.duties = {one: _Duty() for team in teams for one in team}
        desks = problem.desks
        used = desks[: len(teams)]
        own, groups = len(teams) <= len(desks), -(-len(used) // DESKS_IN_GROUP)
        self.at = {
            desk.id: [teams[index]] if own else list(teams[index % groups :: groups]) for index, desk in enumerate(used)
        }
        length = max((problem.block(one) for one in problem.candidates), default=0) + self.rules.gap
        self.clock = [
            (index * length // len(used) if staggered else 0, index, desk.id) for index, desk in enumerate(used)
        ]
        heapq.heapify(self.clock)

    def next(self, length: int) -> Sitting | None:
        """The next sitting of so many minutes; None when the window is over."""
        while self.clock:
            start, index, desk = heapq.heappop(self.clock)
            if start + length > self.problem.window:
                continue
            soonest = None
            chosen: tuple[int, int, int, int] | None = None
            for number, team in enumerate(self.at[desk]):
                ready = sorted(
                    (self.duties[one].next_start(start, length, self.rules), self.duties[one].load, one)
                    for one in team
                    if self.duties[one].load < self.rules.most
                )
                if len(ready) < 2:
                    continue
                if ready[1][0] <= start:
                    free = sorted(entry[1:] for entry in ready if entry[0] <= start)
                    load = free[0][0] + free[1][0]
                    if chosen is None or (load, number) < chosen[:2]:
                        chosen = (load, number, free[0][1], free[1][1])
                elif soonest is None or ready[1][0] < soonest:
                    soonest = ready[1][0]
            if chosen:
                self.index = index
                return Sitting(start, desk, chosen[2], chosen[3])
            if soonest is not None:
                heapq.heappush(self.clock, (soonest, index, desk))
        return None

    def take(self, sitting: Sitting, length: int) -> None:
        for one in (sitting.one, sitting.other):
            self.duties[one].attend(sitting.start, length, self.rules)
        heapq.heappush(self.clock, (sitting.start + length + self.rules.gap, self.index, sitting.desk))

    def leave(self, sitting: Sitting) -> None:
        heapq.heappush(self.clock, (sitting.start + 1, self.index, sitting.desk))


def pairs(examiners: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, one in enumerate(examiners):
        for other in examiners[index + 1 :]:
            yield one, other
