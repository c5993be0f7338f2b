"""The computer tasks of one candidate, fitted before and after the block that two examiners attend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import permutations

from app.practical.panels.rostering.book import Book
from app.practical.panels.rostering.values import Problem

Errand = tuple[str, int, int]
Need = tuple[str, int]
"""A task at a computer and its minutes."""
MOST_PATTERNS = 240


def needs_of(problem: Problem, candidate: int) -> tuple[Need, ...]:
    return tuple((task.slot, problem.minutes(candidate, task)) for task in problem.alone)


class Tired(Exception):
    """The effort allowed is spent; nothing is proved by that."""


class Fitter:
    """Finds room for errands around a block; `compact` seeks plans without waiting first, `alike` gives everybody the
    same order after the block, so that computers that are scarce stay without gaps.

    What it may spend is counted in steps, not in seconds, so that the same question has the same answer everywhere.
    """

    def __init__(self, book: Book, *, compact: bool = True, alike: bool = False, effort: int | None = None) -> None:
        self.book, self.problem, self.compact, self.alike = book, book.problem, compact, alike
        self.turn = 0
        self.effort = 40_000 + 150 * len(self.problem.candidates) if effort is None else effort

    def around(self, start: int, block: int, needs: Sequence[Need]) -> tuple[Errand, ...] | None:
        """With `block` 0 there is nothing attended, and the errands begin at `start` or later."""
        if block and not self.book.site.fits(start, block):
            return None
        if not needs:
            return () if self._admitted(start, start + block) else None
        if self.alike:
            self.spend(1)
            return self._following(start, block, needs, 0)
        if self.compact and (found := self._compact(start, block, needs)):
            return found
        return self._loose(start, block, needs)

    def _compact(self, start: int, block: int, needs: Sequence[Need]) -> tuple[Errand, ...] | None:
        patterns = _patterns(len(needs), bool(block))
        self.turn += 1
        for number in range(len(patterns)):
            order, before = patterns[(number + self.turn * 7) % len(patterns)]
            self.spend(1)
            if found := self._following(start, block, [needs[index] for index in order], before):
                return found
        return None

    def _following(self, start: int, block: int, order: Sequence[Need], before: int) -> tuple[Errand, ...] | None:
        gap = self.book.gap
        at = start - sum(length + gap for _, length in order[:before])
        low, placed = at, []
        high = low + sum(length + gap for _, length in order) + (block + gap if block else 0) - gap
        if at < 0 or not self._admitted(low, high):
            return None
        for index, (slot, length) in enumerate(order):
            if index == before and block:
                at += block + gap
            station = self._station(slot, at, length)
            if station is None:
                return None
            placed.append((slot, station, at))
            at += length + gap
        return tuple(placed)

    def _loose(self, start: int, block: int, needs: Sequence[Need]) -> tuple[Errand, ...] | None:
        """From the longest stay to the shortest, every order of the tasks, each as early as it can be."""
        gap, problem = self.book.gap, self.problem
        starts = {slot: self._starts(slot, length) for slot, length in needs}
        if not all(starts.values()):
            return None
        padded = {slot: length + gap for slot, length in needs}
        before = sum(padded.values()) + (block + gap if block else 0)
        from_low = max(0, start + block - problem.rules.span) if block else start
        to_low = min(start, problem.window + gap - before)
        anywhere = 0
        for one in starts.values():
            anywhere |= one
        for low in range(from_low, to_low + 1):
            if low == start or (anywhere >> low) & 1:
                self.spend(8)
                found = _Search(low, start, block, gap, min(low + problem.rules.span, problem.window), starts, padded)
                if (placed := found.run()) and self._admitted(low, found.high(placed)):
                    return tuple((slot, self._station_at(slot, at, padded[slot]), at) for slot, at in placed)
        return None

    def spend(self, steps: int) -> None:
        self.effort -= steps
        if self.effort < 0:
            raise Tired

    def _starts(self, slot: str, length: int) -> int:
        shelves, starts = self.book.shelves, 0
        for station in self.problem.serving[slot]:
            starts |= shelves[station.id].starts(length + self.book.gap)
        return starts

    def _station_at(self, slot: str, at: int, padded: int) -> int:
        shelves = self.book.shelves
        return next(one.id for one in self.problem.serving[slot] if (shelves[one.id].starts(padded) >> at) & 1)

    def _station(self, slot: str, start: int, length: int) -> int | None:
        if start + length > self.problem.window:
            return None
        shelves, padded = self.book.shelves, length + self.book.gap
        for station in self.problem.serving[slot]:
            if shelves[station.id].fits(start, padded):
                return station.id
        return None

    def _admitted(self, low: int, high: int) -> bool:
        return (
            high <= self.problem.window
            and high - low <= self.problem.rules.span
            and self.book.site.fits(low, high - low)
        )


class _Search:
    """Errands one after the other from `low` on, around the block, each as early as its places are free."""

    def __init__(
        self, low: int, start: int, block: int, gap: int, last: int, starts: Mapping[str, int],
        padded: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.low, self.start, self.gap, self.last = low, start, gap, last
        self.after = start + block + gap if block else start
        self.starts, self.padded, self.block = starts, padded, block

    def run(self) -> tuple[tuple[str, int], ...] | None:
        return self._step(self.low, tuple(self.starts), ())

    def high(self, placed: Sequence[tuple[str, int]]) -> int:
        ends = [at + self.padded[slot] - self.gap for slot, at in placed]
        return max([*ends, self.start + self.block] if self.block else ends)

    def _step(
        self, cursor: int, left: tuple[str, ...], placed: tuple[tuple[str, int], ...]
    ) -> tuple[tuple[str, int], ...] | None:
        if not left:
            return placed
        for index, slot in enumerate(left):
            length, starts = self.padded[slot], self.starts[slot]
            later = starts >> cursor
            if not later:
                return None
            at = cursor + (later & -later).bit_length() - 1
            if at < self.after and at + length > self.start and self.block:
                later = starts >> max(cursor, self.after)
                if not later:
                    return None
                at = max(cursor, self.after) + (later & -later).bit_length() - 1
            if at + length - self.gap > self.last:
                return None  # the others end before it or not at all: no order of them brings it in
            if not placed and at > self.low and (self.low != self.start or not self.block):
                continue  # the beginning would stay empty, which a later beginning covers
            if done := self._step(at + length, (*left[:index], *left[index + 1 :]), (*placed, (slot, at))):
                return done
        return None


@cache
def _patterns(count: int, block: bool) -> list[tuple[tuple[int, ...], int]]:
    """Orders of the errands and how many come before the block; those that come before first."""
    places: Iterator[int] = iter(range(count, -1, -1)) if block else iter((0,))
    found = [(order, before) for before in places for order in _orders(count)]
    return found[:MOST_PATTERNS]


def _orders(count: int) -> list[tuple[int, ...]]:
    """All orders of a few tasks, the rotations of many."""
    if count <= 4:
        return list(permutations(range(count)))
    return [(*range(turn, count), *range(turn)) for turn in range(count)]
