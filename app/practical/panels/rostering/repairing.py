"""A roster that stood, and somebody or something is missing: solved again with the fewest assignments changed.

Who must change is known; whoever else changes costs at least one assignment. So sets of people are tried from the
smallest on, each with every way to place them, until no larger set can be cheaper. That proves the fewest; where
the effort runs out first, the cheapest found stands and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, islice

from app.core.errors import N_, Refusal
from app.practical.panels.rostering.book import Stay
from app.practical.panels.rostering.building import finished
from app.practical.panels.rostering.choices import STEPS, Choices
from app.practical.panels.rostering.day import Day, changed
from app.practical.panels.rostering.errands import Fitter, Tired
from app.practical.panels.rostering.inserting import WAYS_TRIED, insert, ways
from app.practical.panels.rostering.remedy import DESKS, EXAMINERS, PLACES, WINDOW, Remedy, mended, told
from app.practical.panels.rostering.values import Plan, Problem

SETS_TRIED = 400
MOST_MOVED = 40
WAYS_TOLD = 2
FEW_MISSING = 3
"""Where so many must change, the fewest changes are sought before anything else."""


@dataclass(frozen=True)
class Repaired:
    roster: dict[int, Plan]
    changes: int
    fewest: bool
    """Whether it is proved that no fewer assignments could change."""


def repair(problem: Problem, day: Day) -> Repaired:
    """`problem` knows everybody still concerned, also examiners and stations that are gone now."""
    try:
        return _Repair(problem, day).run()
    except Refusal as refusal:
        refusal.details["remedies"] = [[told(one) for one in way] for way in _helping(problem, day)]
        raise


def _helping(problem: Problem, day: Day) -> list[list[Remedy]]:
    """The first two of some ways to help that do, each tried out; more of what helps already is none."""
    slots = tuple(task.slot for task in problem.attended)
    one, two, desk = Remedy(EXAMINERS, 1), Remedy(EXAMINERS, 2), Remedy(DESKS, 1, slots)
    computers = [Remedy(PLACES, 1, (task.slot,)) for task in problem.alone]
    found: list[list[Remedy]] = []
    for way in ([one], [two], [desk], [two, desk], [Remedy(WINDOW, 60)], computers):
        if any({one.kind for one in other} <= {one.kind for one in way} for other in found):
            continue
        helped = problem
        for remedy in way:
            helped = mended(helped, remedy)
        with suppress(Refusal):
            _Repair(helped, day).run()
            found.append(way)
        if len(found) == WAYS_TOLD:
            break
    return found


class _Repair(Choices):
    def run(self) -> Repaired:
        must = [one for one in self.problem.candidates if one not in self.stood or not self._holds(one)]
        for one in must:
            if one in self.stood:
                self.book.remove(one)
        best: tuple[int, dict[int, Stay]] | None = None
        proved = True
        least = sum(self.least(one) for one in must)
        others = self._others(must)
        if must and (fewest := self._cheapest(must, others, least)):
            return self._repaired(*fewest, proved=True)
        tried = 0
        for extra in range(len(others) + 1):
            if best is not None and least + extra >= best[0]:
                break
            for also in combinations(others, extra):
                tried += 1
                if tried > SETS_TRIED or self.steps < 0:
                    proved = False
                    break
                limit = best[0] - 1 if best else None
                if found := self._solve(must, also, limit, least + extra):
                    best = found
                    if best[0] <= least + extra:
                        break
            if not proved:
                break
        if best is None:
            return self._anyhow(must)
        return self._repaired(*best, proved=proved)

    def _repaired(self, changes: int, found: dict[int, Stay], *, proved: bool) -> Repaired:
        stays = {**self.book.stays, **found}
        roster = finished(self._judged(), stays, self.day.former, frozenset(stays))
        return Repaired(roster, changes, proved)

    def _cheapest(self, must: list[int], others: list[int], least: int) -> tuple[int, dict[int, Stay]] | None:
        """By the number of changes, from the least on; None where that is too much to try, and then all is to do."""
        tried = 0
        for total in range(least, self._most(must) + 1) if len(must) <= FEW_MISSING else ():
            for extra in range(total - least + 1):
                for also in combinations(others, extra):
                    tried += 1
                    if tried > SETS_TRIED or self.steps < 0:
                        self.steps = STEPS
                        return None
                    if found := self._solve(must, also, total, total):
                        return found
        self.steps = STEPS
        return None

    def _solve(
        self, must: list[int], also: Iterable[int], limit: int | None, least: int
    ) -> tuple[int, dict[int, Stay]] | None:
        """The cheapest stays of these people, all else staying; None if they cost more than the limit."""
        moved = {one: self.book.remove(one) for one in also}
        people = [*must, *moved]
        found = None
        most = self._most(people)
        for total in range(least, (most if limit is None else min(limit, most)) + 1):
            if self.steps < 0:
                break
            if (stays := self._place(people, 0, total, frozenset(moved))) is not None:
                found = total, stays
                break
        for one, stay in moved.items():
            self.book.add(one, stay)
        return found

    def _place(self, people: list[int], index: int, left: int, moved: frozenset[int]) -> dict[int, Stay] | None:
        if index == len(people):
            return {}
        candidate = people[index]
        rest = sum(self.least(one) if one not in moved else 1 for one in people[index + 1 :])
        for cost, stay in self.ways(candidate, left - rest):
            if candidate in moved and cost == 0:
                continue
            self.book.add(candidate, stay)
            after = self._place(people, index + 1, left - cost, moved)
            self.book.remove(candidate)
            if after is not None:
                return {candidate: stay, **after}
            if self.steps < 0:
                return None
        return None

    def _holds(self, candidate: int) -> bool:
        return self.least(candidate) == 0

    def _others(self, must: list[int]) -> list[int]:
        """Who might be moved for them, those with free examiners or near in time first."""
        if not must:
            return []
        times = [self.stood[one].start for one in must if one in self.stood]
        others = [
            one for one in self.book.stays if one in self.stood and one not in self.day.begun and one not in set(must)
        ]
        return sorted(others, key=lambda one: min((abs(self.stood[one].start - at) for at in times), default=0))

    def _most(self, people: Iterable[int]) -> int:
        return sum(2 + len(self.problem.tasks) for _ in people)

    def _anyhow(self, must: list[int]) -> Repaired:
        """Those whose day has begun first: where a free examiner is, where there is room, or where another makes it."""
        fitter = Fitter(self.book)
        for candidate in sorted(must, key=self.movable):
            if not self._fitted(fitter, candidate):
                raise _nowhere(candidate)
        roster = finished(self._judged(), self.book.stays, self.day.former, frozenset(self.book.stays))
        count = sum(
            changed(self.day.former[one], plan) if one in self.day.former else 2 + len(plan.turns)
            for one, plan in roster.items()
        )
        return Repaired(roster, count, False)

    def _fitted(self, fitter: Fitter, candidate: int) -> bool:
        movable = self.movable(candidate)
        try:
            if self._cheaply(candidate) or (movable and insert(self.book, fitter, candidate, since=self.day.now)):
                return True
            for other in self._others([candidate])[:MOST_MOVED]:
                if not self.movable(other):
                    continue
                stood, self.steps = self.book.remove(other), STEPS // 10
                found = (
                    ways(self.book, fitter, candidate, since=self.day.now)
                    if movable
                    else (stay for _, stay in self.ways(candidate, self._most([candidate])))
                )
                for stay in islice(found, WAYS_TRIED):
                    self.book.add(candidate, stay)
                    if insert(self.book, fitter, other, since=self.day.now):
                        return True
                    self.book.remove(candidate)
                self.book.add(other, stood)
        except Tired:
            raise _nowhere(candidate) from None
        return False

    def _cheaply(self, candidate: int) -> bool:
        """With one or two changes, if that is possible."""
        least, self.steps = self.least(candidate), STEPS // 20
        found = next((stay for total in range(least, least + 2) for _, stay in self.ways(candidate, total)), None)
        if found is not None:
            self.book.add(candidate, found)
        return found is not None

    def _judged(self) -> Problem:
        """The rules as they hold for what stays: nobody is judged for what had begun."""
        kept = {one for one in self.stood if not self.movable(one)}
        ties = frozenset((c, e) for c, e in self.problem.ties if c not in kept)
        return replace(self.problem, ties=ties)


def _nowhere(candidate: int) -> Refusal:
    message = N_(
        "No examiners, place and time were found for %(candidate)s without breaking a rule; not every possibility could"
        " be tried. Call another examiner, open another station, or let the session close later; then try again."
    )
    details = {"constraint": "repair", "candidates": [candidate], "proved": False, "remedies": []}
    return Refusal("repair_impossible", message, status=409, details=details, candidate=candidate)
