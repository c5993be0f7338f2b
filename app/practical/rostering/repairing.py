"""A roster that stood, and somebody or something is missing: solved again with the fewest assignments changed.

Who must change is known; whoever else changes costs at least one assignment. So sets of people are tried from the
smallest on, each with every way to place them, until no larger set can be cheaper. That proves the fewest; where
the effort runs out first, the cheapest found stands and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, islice, product

from app.core.errors import N_, Refusal
from app.practical.rostering.book import Book, Stay, bounds_of
from app.practical.rostering.bounds import DESKS, EXAMINERS, PLACES, WINDOW, Remedy, mended, told
from app.practical.rostering.building import finished
from app.practical.rostering.errands import Errand, Fitter, Tired
from app.practical.rostering.inserting import WAYS_TRIED, insert, ways
from app.practical.rostering.values import Plan, Problem

STEPS = 30_000
SETS_TRIED = 400
MOST_MOVED = 40
WAYS_TOLD = 2


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
    """The first two of some ways to help that do, each tried out."""
    slots = tuple(task.slot for task in problem.attended)
    one, two, desk = Remedy(EXAMINERS, 1), Remedy(EXAMINERS, 2), Remedy(DESKS, 1, slots)
    computers = [Remedy(PLACES, 1, (task.slot,)) for task in problem.alone]
    found: list[list[Remedy]] = []
    for way in ([one], [two], [desk], [two, desk], [Remedy(WINDOW, 60)], computers):
        helped = problem
        for remedy in way:
            helped = mended(helped, remedy)
        with suppress(Refusal):
            _Repair(helped, day).run()
            found.append(way)
        if len(found) == WAYS_TOLD:
            break
    return found


def changed(former: Plan, after: Plan) -> int:
    """Examiners and turns of one candidate that are others now; another place at the same station is none."""
    before = {turn.slot: (turn.station, turn.start) for turn in former.turns}
    turns = sum(before.get(turn.slot) != (turn.station, turn.start) for turn in after.turns)
    return (former.first != after.first) + (former.second != after.second) + turns


class _Repair:
    def __init__(self, problem: Problem, day: Day) -> None:
        gone = frozenset((one, examiner) for one in problem.candidates for examiner in day.away)
        self.day, self.steps = day, STEPS
        on = _under_way(problem, day)
        problem = replace(problem, ties=problem.ties | frozenset(pair for pair in gone if pair[0] not in on))
        self.problem = problem
        self.stood = {one: _stay(problem, day.former[one]) for one in problem.candidates if one in day.former}
        self.book = Book(problem)
        for candidate, stay in self.stood.items():
            self.book.add(candidate, stay)
        everything = self.book.all
        past = (1 << max(0, min(day.now, self.book.minutes))) - 1
        for station, shelf in [*self.book.shelves.items(), *self.book.desks.items()]:
            shelf.blocked = everything if station in day.out else past
            shelf.known.clear()

    def run(self) -> Repaired:
        must = [one for one in self.problem.candidates if one not in self.stood or not self._holds(one)]
        for one in must:
            if one in self.stood:
                self.book.remove(one)
        best: tuple[int, dict[int, Stay]] | None = None
        proved = True
        least = sum(self._least(one) for one in must)
        others = self._others(must)
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
        stays = {**self.book.stays, **best[1]}
        roster = finished(self._judged(), stays, self.day.former, frozenset(stays))
        return Repaired(roster, best[0], proved)

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
        rest = sum(self._least(one) if one not in moved else 1 for one in people[index + 1 :])
        for cost, stay in self._ways(candidate, left - rest):
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

    def _ways(self, candidate: int, most: int) -> Iterator[tuple[int, Stay]]:
        """Every stay that fits and changes at most so much."""
        stood = self.stood.get(candidate)
        if stood is None:
            return
        for moved, desk, start in self._blocks(candidate, stood, most):
            for pair_cost, first, second in self._pairs(candidate, stood, start, most - moved):
                for errand_cost, errands in self._errands(candidate, stood, start, most - moved - pair_cost):
                    self.steps -= 1
                    stay = Stay(first, second, desk, start, errands)
                    low, high = bounds_of(self.problem, candidate, stay)
                    if high - low <= self.problem.rules.span and self.book.site.fits(low, high - low):
                        yield moved + pair_cost + errand_cost, stay
                    if self.steps < 0:
                        return

    def _blocks(self, candidate: int, stood: Stay, most: int) -> Iterator[tuple[int, int, int]]:
        """(turns changed, station, start)"""
        if not self.problem.attended:
            yield 0, 0, 0
            return
        length = self.problem.block(candidate) + self.book.gap
        fixed = self._begun(candidate, stood)
        desk = self.book.desks.get(stood.desk)
        if desk is not None and (fixed or desk.fits(stood.start, length)):
            yield 0, stood.desk, stood.start
        cost = len(self.problem.attended)
        if fixed or cost > most:
            return
        for start in range(self.day.now, self.problem.window - length + self.book.gap + 1):
            free: dict[int, int] = {}
            for number, shelf in self.book.desks.items():
                self.steps -= 1
                if (number, start) != (stood.desk, stood.start) and shelf.fits(start, length):
                    free.setdefault(shelf.full, number)
            yield from ((cost, number, start) for number in free.values())

    def _pairs(self, candidate: int, stood: Stay, start: int, most: int) -> Iterator[tuple[int, int, int]]:
        if self._begun(candidate, stood) and not self._tied(candidate, stood):
            yield 0, stood.first, stood.second
            return
        firsts = self._able(candidate, start, 0, self.problem.rules.max_first)
        seconds = self._able(candidate, start, 1, self.problem.rules.max_second)
        if stood.first in firsts and stood.second in seconds:
            yield 0, stood.first, stood.second
        if most < 1:
            return
        if stood.first in firsts:
            yield from ((1, stood.first, one) for one in seconds if one not in (stood.first, stood.second))
        if stood.second in seconds:
            yield from ((1, one, stood.second) for one in firsts if one not in (stood.first, stood.second))
        if most > 1:
            yield from (
                (2, one, other)
                for one, other in product(firsts, seconds)
                if one not in (other, stood.first) and other != stood.second
            )

    def _able(self, candidate: int, start: int, role: int, most: int) -> list[int]:
        length, book = self.problem.block(candidate), self.book
        self.steps -= len(self.problem.examiners) // 8
        able = [
            one
            for one in self.problem.allowed(candidate)
            if book.load[one] < self.problem.rules.most
            and book.roles[one, role] < most
            and (not length or book.can_attend(one, start, length))
        ]
        return sorted(able, key=lambda one: (book.load[one], one))

    def _errands(self, candidate: int, stood: Stay, start: int, most: int) -> Iterator[tuple[int, tuple[Errand, ...]]]:
        problem, book, gap, now = self.problem, self.book, self.book.gap, self.day.now
        lengths = {task.slot: problem.minutes(candidate, task) for task in problem.alone}
        block = problem.block(candidate)
        held = [(start, start + block + gap)] if problem.attended else []

        def free(at: int, length: int, taken: list[tuple[int, int]]) -> bool:
            return not any(at < end and begin < at + length + gap for begin, end in taken)

        def step(index: int, left: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, tuple[Errand, ...]]]:
            if index == len(stood.errands):
                yield 0, ()
                return
            slot, station, at = stood.errands[index]
            length = lengths[slot]
            over = at < now or (candidate, slot) in self.day.done
            if free(at, length, taken) and (over or book.shelves[station].fits(at, length + gap)):
                for cost, others in step(index + 1, left, [*taken, (at, at + length + gap)]):
                    yield cost, ((slot, station, at), *others)
            if over or left < 1:
                return
            for other in problem.serving[slot]:
                for begin in range(now, problem.window - length + 1):
                    self.steps -= 1
                    if self.steps < 0:
                        return
                    if (other.id, begin) == (station, at) or not free(begin, length, taken):
                        continue
                    if book.shelves[other.id].fits(begin, length + gap):
                        for cost, others in step(index + 1, left - 1, [*taken, (begin, begin + length + gap)]):
                            yield cost + 1, ((slot, other.id, begin), *others)

        yield from step(0, most, held)

    def _holds(self, candidate: int) -> bool:
        return self._least(candidate) == 0

    def _least(self, candidate: int) -> int:
        """How many of a candidate's assignments cannot stay as they are."""
        stood = self.stood.get(candidate)
        if stood is None:
            return 2 + len(self.problem.tasks)
        day, count = self.day, self._tied(candidate, stood)
        if not self._begun(candidate, stood) and self.problem.attended and stood.desk in day.out:
            count += len(self.problem.attended)
        count += sum(
            station in day.out and at >= day.now and (candidate, slot) not in day.done
            for slot, station, at in stood.errands
        )
        return count

    def _begun(self, candidate: int, stood: Stay) -> bool:
        return candidate in self.day.begun or (bool(self.problem.attended) and stood.start < self.day.now)

    def _tied(self, candidate: int, stood: Stay) -> int:
        return sum((candidate, examiner) in self.problem.ties for examiner in (stood.first, stood.second))

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
        for candidate in sorted(must, key=self._movable):
            if not self._fitted(fitter, candidate):
                raise _nowhere(candidate)
        roster = finished(self._judged(), self.book.stays, self.day.former, frozenset(self.book.stays))
        count = sum(
            changed(self.day.former[one], plan) if one in self.day.former else 2 + len(plan.turns)
            for one, plan in roster.items()
        )
        return Repaired(roster, count, False)

    def _fitted(self, fitter: Fitter, candidate: int) -> bool:
        movable = self._movable(candidate)
        try:
            if self._cheaply(candidate) or (movable and insert(self.book, fitter, candidate, since=self.day.now)):
                return True
            for other in self._others([candidate])[:MOST_MOVED]:
                if not self._movable(other):
                    continue
                stood, self.steps = self.book.remove(other), STEPS // 10
                found = (
                    ways(self.book, fitter, candidate, since=self.day.now)
                    if movable
                    else (stay for _, stay in self._ways(candidate, self._most([candidate])))
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
        least, self.steps = self._least(candidate), STEPS // 20
        found = next((stay for total in range(least, least + 2) for _, stay in self._ways(candidate, total)), None)
        if found is not None:
            self.book.add(candidate, found)
        return found is not None

    def _movable(self, candidate: int) -> bool:
        """Nothing of the candidate's day has begun."""
        stood = self.stood.get(candidate)
        if stood is None:
            return True
        starts = [at for _, _, at in stood.errands] + ([stood.start] if self.problem.attended else [])
        return candidate not in self.day.begun and min(starts, default=0) >= self.day.now

    def _judged(self) -> Problem:
        """The rules as they hold for what stays: nobody is judged for what had begun."""
        kept = {one for one in self.stood if not self._movable(one)}
        ties = frozenset((c, e) for c, e in self.problem.ties if c not in kept)
        return replace(self.problem, ties=ties)


def _under_way(problem: Problem, day: Day) -> set[int]:
    """Whose block has begun."""
    attended = {task.slot for task in problem.attended}
    late = {
        candidate
        for candidate, plan in day.former.items()
        if any(turn.start < day.now and turn.slot in attended for turn in plan.turns)
    }
    return late | day.begun


def _stay(problem: Problem, plan: Plan) -> Stay:
    attended = {task.slot for task in problem.attended}
    block = [turn for turn in plan.turns if turn.slot in attended]
    errands = tuple((turn.slot, turn.station, turn.start) for turn in plan.turns if turn.slot not in attended)
    desk, start = (block[0].station, min(turn.start for turn in block)) if block else (0, 0)
    return Stay(plan.first, plan.second, desk, start, errands)


def _nowhere(candidate: int) -> Refusal:
    message = N_(
        "No examiners, place and time are left for %(candidate)s without breaking a rule. Call another examiner, open"
        " another station, or let the session close later; then try again."
    )
    details = {"constraint": "repair", "candidates": [candidate], "proved": False, "remedies": []}
    return Refusal("repair_impossible", message, status=409, details=details, candidate=candidate)
