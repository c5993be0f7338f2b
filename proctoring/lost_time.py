"""How many seconds a candidate lost between two moments, from what is on record. Values in, values out.

A silence counts once however many noticed it. What lies outside the attempt, under a proctor's pause or within a time
that was decided already is no loss; nor is a short rest of a silence in which something was heard after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

LEAST = timedelta(seconds=45)
"""Shorter than this is no silence: the exam page gives a sign every 20 seconds."""
MANY, MANY_SHARE = 3, 5
"""A common cause is supposed where so many, and one in so many of those at work, are silent together."""


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to, and without, another."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return max(self.end - self.start, timedelta())


@dataclass(frozen=True)
class Record:
    """What is on record of one attempt: silences, its own running time, and what is taken out of account."""

    run: Span
    silences: Sequence[Span]
    heard: Sequence[datetime] = ()
    """When something arrived from it."""
    paused: Sequence[Span] = ()
    decided: Sequence[Span] = field(default=())


def lost(record: Record, window: Span) -> list[Span]:
    """The pieces of the window that were lost, in order and apart from one another."""
    silent = [piece for one in union(record.silences) for piece in _cut(one, record.heard) if piece.length > LEAST]
    counted = within(within(silent, record.run), window)
    return minus(counted, [*record.paused, *record.decided])


def seconds(spans: Iterable[Span]) -> int:
    """Whole seconds; what is left over is given to the candidate."""
    whole = sum((one.length for one in spans), timedelta())
    return -(-whole // timedelta(seconds=1))


def union(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for one in sorted(span for span in spans if span.start < span.end):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def within(spans: Iterable[Span], window: Span) -> list[Span]:
    clipped = (Span(max(one.start, window.start), min(one.end, window.end)) for one in spans)
    return [one for one in clipped if one.start < one.end]


def minus(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    left = union(spans)
    for other in union(others):
        left = [
            piece
            for one in left
            for piece in (Span(one.start, min(one.end, other.start)), Span(max(one.start, other.end), one.end))
            if piece.start < piece.end
        ]
    return left


def common(silences: Sequence[Sequence[Span]], at_work: int) -> list[tuple[Span, int]]:
    """Times in which many were silent together, the longest first, each with the most who were so at one moment."""
    enough = max(MANY, -(-at_work // MANY_SHARE))
    quiet = [one for of_one in silences for one in union(of_one)]
    steps = sorted([*((one.start, 1) for one in quiet), *((one.end, -1) for one in quiet)])
    found: list[tuple[Span, int]] = []
    count, most, began = 0, 0, None
    for moment, step in steps:
        count += step
        if began is None and count >= enough:
            began, most = moment, count
        elif began is not None and count < enough:
            found.append((Span(began, moment), most))
            began = None
        most = max(most, count)
    return sorted(found, key=lambda one: -one[0].length)


def _cut(span: Span, moments: Sequence[datetime]) -> list[Span]:
    inside = sorted({moment for moment in moments if span.start < moment < span.end})
    edges = [span.start, *inside, span.end]
    return [Span(start, end) for start, end in pairwise(edges)]
