"""One candidate into a book that holds others: every way in the order of time, and making room by moving another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from app.practical.panels.rostering.book import Book, Stay, runs
from app.practical.panels.rostering.errands import Fitter, needs_of
from app.practical.panels.rostering.teams import pairs

PAIRS_AT_ONCE = 6
WAYS_TRIED = 8


def ways(book: Book, fitter: Fitter, candidate: int, *, since: int = 0) -> Iterator[Stay]:
    """Stays that fit, from `since` on; at each time the least loaded pairs first."""
    problem = book.problem
    length, needs = problem.block(candidate), needs_of(problem, candidate)
    fitter.spend(2 * len(problem.examiners))
    for start, desk, free in openings(book, candidate, since):
        fitter.spend(len(problem.examiners))
        if (errands := fitter.around(start, length, needs)) is None:
            continue
        for one, other in islice(pairs(free), PAIRS_AT_ONCE):
            yield Stay(one, other, desk, start, errands)


def openings(book: Book, candidate: int, since: int = 0) -> Iterator[tuple[int, int, list[int]]]:
    """(start, station, examiners who can attend then, least loaded first)"""
    problem = book.problem
    length = problem.block(candidate)
    allowed = [one for one in problem.allowed(candidate) if book.load[one] < problem.rules.most]
    last = problem.window - length
    if not problem.attended:
        free = sorted(allowed, key=lambda one: (book.load[one], one))
        yield from ((start, 0, free) for start in range(since, last + 1) if len(free) > 1)
        return
    at_desk = {desk: book.starts_of(shelf, length) for desk, shelf in book.desks.items()}
    anywhere = 0
    for starts in at_desk.values():
        anywhere |= starts
    one = two = 0
    able = {}
    for examiner in allowed:
        starts = able[examiner] = runs(book.all & ~book.busy[examiner], length + book.gap) & anywhere
        two |= one & starts
        one |= starts
    two = (two >> since) << since
    while two:
        low = two & -two
        two ^= low
        start = low.bit_length() - 1
        free = [e for e in allowed if able[e] & low and book.can_attend(e, start, length)]
        if len(free) > 1 and start <= last:
            free.sort(key=lambda one: (book.load[one], one))
            yield start, next(desk for desk, starts in at_desk.items() if starts & low), free


def insert(book: Book, fitter: Fitter, candidate: int, *, since: int = 0) -> bool:
    stay = next(ways(book, fitter, candidate, since=since), None)
    if stay is not None:
        book.add(candidate, stay)
    return stay is not None


def make_room(book: Book, fitter: Fitter, candidate: int, others: Sequence[int], *, since: int = 0) -> bool:
    """Insert after moving one of the others elsewhere."""
    for other in others:
        stood = book.remove(other)
        for stay in islice(ways(book, fitter, candidate, since=since), WAYS_TRIED):
            book.add(candidate, stay)
            if insert(book, fitter, other, since=since):
                return True
            book.remove(candidate)
        book.add(other, stood)
    return False
