"""Every possibility of a small practical, minute by minute. If it comes to the end, there is none."""

from __future__ import annotations

from collections.abc import Iterator

from app.practical.panels.rostering.book import Book, Stay
from app.practical.panels.rostering.errands import Errand, Need, needs_of
from app.practical.panels.rostering.teams import pairs
from app.practical.panels.rostering.values import Problem

MOST_STEPS = 60_000


class TooLarge(Exception):
    """Not every possibility was looked at."""


def exhaust(problem: Problem, steps: int = MOST_STEPS) -> dict[int, Stay] | None:
    """Stays of everybody; None proves that there are none; `TooLarge` proves nothing."""
    return _Search(problem, steps).run()


class _Search:
    def __init__(self, problem: Problem, steps: int) -> None:
        self.problem, self.book, self.steps = problem, Book(problem), steps
        self.lengths: dict[str, int] = {}
        self.order = sorted(problem.candidates, key=lambda one: (len(problem.allowed(one)), self._kind(one)))

    def run(self) -> dict[int, Stay] | None:
        return dict(self.book.stays) if self._place(0) else None

    def _place(self, index: int) -> bool:
        if index == len(self.order):
            return True
        candidate = self.order[index]
        for stay in self._stays(candidate, self._since(index)):
            self.book.add(candidate, stay)
            if self._place(index + 1):
                return True
            self.book.remove(candidate)
        return False

    def _kind(self, candidate: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.problem.form(candidate), tuple(self.problem.allowed(candidate))

    def _since(self, index: int) -> int:
        """Candidates alike in everything come in the order of their numbers: other orders are the same roster."""
        if index == 0 or self._kind(self.order[index - 1]) != self._kind(self.order[index]):
            return 0
        return self.book.stays[self.order[index - 1]].start if self.problem.attended else 0

    def _stays(self, candidate: int, since: int) -> Iterator[Stay]:
        problem, book = self.problem, self.book
        length, needs = problem.block(candidate), needs_of(problem, candidate)
        starts = range(since, problem.window - length + 1) if length else range(1)
        for start in starts:
            free = [
                one
                for one in problem.allowed(candidate)
                if book.load[one] < problem.rules.most and (not length or book.can_attend(one, start, length))
            ]
            desks = {shelf.full: one for one, shelf in book.desks.items() if shelf.fits(start, length + book.gap)}
            self._count()
            if len(free) < 2 or (length and not desks):
                continue
            self.lengths = dict(needs)
            for errands in self._errands(start, length, needs, ()):
                for desk in desks.values() if length else (0,):
                    for one, other in pairs(free):
                        self._count()
                        yield Stay(one, other, desk, start, errands)
                        self.lengths = dict(needs)

    def _errands(
        self, start: int, length: int, left: tuple[Need, ...], placed: tuple[Errand, ...]
    ) -> Iterator[tuple[Errand, ...]]:
        problem, book, gap = self.problem, self.book, self.book.gap
        if not left:
            if self._admitted(start, length, placed):
                yield placed
            return
        (slot, minutes), *others = left
        taken = [(at, at + self.lengths[name] + gap) for name, _, at in placed]
        if length:
            taken.append((start, start + length + gap))
        for at in range(problem.window - minutes + 1):
            self._count()
            if any(at < end and begin < at + minutes + gap for begin, end in taken):
                continue
            for station in problem.serving[slot]:
                if book.shelves[station.id].fits(at, minutes + gap):
                    yield from self._errands(start, length, tuple(others), (*placed, (slot, station.id, at)))

    def _admitted(self, start: int, length: int, placed: tuple[Errand, ...]) -> bool:
        spans = [(at, at + self.lengths[slot]) for slot, _, at in placed]
        if length:
            spans.append((start, start + length))
        if not spans:
            return True
        low, high = min(one[0] for one in spans), max(one[1] for one in spans)
        return high - low <= self.problem.rules.span and self.book.site.fits(low, high - low)

    def _count(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooLarge
