"""Timetables of practicals: the solver beside a naive greedy one, and how much a missing examiner changes."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from app.core.errors import Refusal
from app.practical.panels.rostering.book import Book, Stay
from app.practical.panels.rostering.day import Day, changed
from app.practical.panels.rostering.repairing import repair
from app.practical.panels.rostering.values import Plan, Problem, Rules, Station, Task
from app.practical.panels.timetable import find_roster

SIZES = (100, 300, 1_000, 3_000)
LIMIT = 2.0
"""Seconds for 1,000 candidates."""
TASKS = (
    Task("call", 12, attended=True), Task("complaint", 12, attended=True), Task("sale", 10, attended=True),
    Task("chat", 20, attended=False), Task("ticket", 15, attended=False), Task("typing", 10, attended=False),
    Task("faults", 15, attended=False),
)  # fmt: skip
WINDOW, BLOCKS_OF_A_PAIR, SPARE, TIED = 480, 9, 1.3, 0.02
Result = TypeVar("Result")


def practical(count: int) -> Problem:
    """Eight hours, nine candidates for each pair, computers for a third more than is needed, and some ties."""
    rng = random.Random(count)  # noqa: S311
    teams = -(-count // BLOCKS_OF_A_PAIR)
    examiners = tuple(range(100_001, 100_001 + 2 * teams))
    block = frozenset(task.slot for task in TASKS if task.attended)
    stations = [Station(number, block) for number in range(1, teams + 1)]
    for task in TASKS:
        if not task.attended:
            places = int(count * (task.minutes + 2) / (WINDOW + 2) * SPARE) + 1
            stations.append(Station(len(stations) + 1, frozenset({task.slot}), places))
    candidates = tuple(range(1, count + 1))
    ties = frozenset((one, other) for one in candidates for other in examiners if rng.random() < TIED)
    return Problem(candidates, examiners, ties, TASKS, tuple(stations), WINDOW, Rules())


def greedy(problem: Problem) -> dict[int, Stay]:
    """One candidate after the other, every task in its order at the first minute at which all it needs is free."""
    book = Book(problem)
    for candidate in problem.candidates:
        if stay := _first(book, candidate):
            book.add(candidate, stay)
    return book.stays


def _first(book: Book, candidate: int) -> Stay | None:
    problem, gap = book.problem, book.gap
    length = problem.block(candidate)
    for start in range(problem.window - length + 1):
        desk = next((one for one, shelf in book.desks.items() if shelf.fits(start, length + gap)), None)
        if desk is None:
            continue
        allowed = (one for one in problem.allowed(candidate) if book.load[one] < problem.rules.most)
        free = [one for one in allowed if book.can_attend(one, start, length)]
        if len(free) < 2:
            continue
        errands, at = [], start + length + gap
        for task in problem.alone:
            station = problem.serving[task.slot][0].id
            while at + task.minutes <= problem.window and not book.shelves[station].fits(at, task.minutes + gap):
                at += 1
            errands.append((task.slot, station, at))
            at += task.minutes + gap
        if at - gap <= problem.window and at - gap - start <= problem.rules.span:
            return Stay(free[0], free[1], desk, start, tuple(errands))
    return None


def measure(count: int) -> None:
    problem = practical(count)
    seconds, roster = _timed(lambda: find_roster(problem))
    plain_seconds, plain = _timed(lambda: greedy(problem))
    beside = f" ({seconds / LIMIT:.2f} of the {LIMIT:g} s allowed)" if count == 1_000 else ""
    print(f"{count:>6,} candidates: solver {seconds:.2f} s, {len(roster):,} placed{beside};"
          f" greedy {plain_seconds:.2f} s, {len(plain):,} placed")  # fmt: skip
    _absent(problem, roster)
    short = replace(problem, examiners=problem.examiners[: len(problem.examiners) // 2])
    seconds, refused = _timed(lambda: _refused(short))
    print(f"{'':>18} half the examiners: refused in {seconds:.2f} s: {refused}")


def _absent(problem: Problem, roster: Mapping[int, Plan]) -> None:
    """An examiner is missing from the third hour on; solved again, and from the beginning."""
    gone = problem.examiners[0]
    day = Day(roster, 120, away=frozenset({gone}))
    seconds, found = _timed(lambda: repair(problem, day))
    fresh = find_roster(replace(problem, examiners=problem.examiners[1:]))
    anew = sum(changed(roster[one], fresh[one]) for one in roster)
    print(f"{'':>18} an examiner is missing: {found.changes} assignments changed in {seconds:.2f} s"
          f"{' (proved the fewest)' if found.fewest else ''}; solving from the beginning changes {anew:,}")  # fmt: skip


def _refused(problem: Problem) -> str:
    try:
        find_roster(problem)
    except Refusal as refusal:
        ways = [" and ".join(f"{one['count']} {one['kind']}" for one in way) for way in refusal.details["remedies"]]
        return f"{refusal.details['constraint']}, {refusal.details['need']} needed; would help: {'; or '.join(ways)}"
    return "not at all"


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Processor time, so that what else runs here does not count."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def main(sizes: tuple[int, ...] = SIZES) -> None:
    print("Timetables of practicals (processor seconds on one core)")
    for count in sizes:
        measure(count)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
