"""What may become of one candidate of a day that stands: every way to stay or to change, by what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from app.practical.panels.rostering.book import Book, Stay, bounds_of
from app.practical.panels.rostering.day import Day, stay_of, under_way
from app.practical.panels.rostering.errands import Errand
from app.practical.panels.rostering.values import Problem

STEPS = 30_000


class Choices:
    """The book of a day, with what is over or out of order taken, and how much effort is left."""

    def __init__(self, problem: Problem, day: Day) -> None:
        gone = frozenset((one, examiner) for one in problem.candidates for examiner in day.away)
        self.day, self.steps = day, STEPS
        on = under_way(problem, day)
        problem = replace(problem, ties=problem.ties | frozenset(pair for pair in gone if pair[0] not in on))
        self.problem = problem
        self.stood = {one: stay_of(problem, day.former[one]) for one in problem.candidates if one in day.former}
        self.book = Book(problem)
        for candidate, stay in self.stood.items():
            self.book.add(candidate, stay)
        everything = self.book.all
        past = (1 << max(0, min(day.now, self.book.minutes))) - 1
        for station, shelf in [*self.book.shelves.items(), *self.book.desks.items()]:
            shelf.blocked = everything if station in day.out else past
            shelf.known.clear()

    def ways(self, candidate: int, most: int) -> Iterator[tuple[int, Stay]]:
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
        fixed = self.begun(candidate, stood)
        desk = self.book.desks.get(stood.desk)
        if desk is not None and (desk.stays if fixed else desk.fits)(stood.start, length):
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
        if self.begun(candidate, stood) and not self.tied(candidate, stood):
            length = self.problem.block(candidate)
            if not length or all(self.book.is_free(one, start, length) for one in (stood.first, stood.second)):
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
            shelf = book.shelves[station]
            if free(at, length, taken) and (shelf.stays if over else shelf.fits)(at, length + gap):
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

    def least(self, candidate: int) -> int:
        """How many of a candidate's assignments cannot stay as they are."""
        stood = self.stood.get(candidate)
        if stood is None:
            return 2 + len(self.problem.tasks)
        day, count = self.day, self.tied(candidate, stood)
        if not self.begun(candidate, stood) and self.problem.attended and stood.desk in day.out:
            count += len(self.problem.attended)
        count += sum(
            station in day.out and at >= day.now and (candidate, slot) not in day.done
            for slot, station, at in stood.errands
        )
        return count

    def begun(self, candidate: int, stood: Stay) -> bool:
        return candidate in self.day.begun or (bool(self.problem.attended) and stood.start < self.day.now)

    def tied(self, candidate: int, stood: Stay) -> int:
        return sum((candidate, examiner) in self.problem.ties for examiner in (stood.first, stood.second))

    def movable(self, candidate: int) -> bool:
        """Nothing of the candidate's day has begun."""
        stood = self.stood.get(candidate)
        if stood is None:
            return True
        starts = [at for _, _, at in stood.errands] + ([stood.start] if self.problem.attended else [])
        return candidate not in self.day.begun and min(starts, default=0) >= self.day.now
