"""Who examines whom: two different examiners for each candidate, within their limits and free of ties.

Step one gives each candidate two examiners. Each place goes to the least loaded examiner whom a chain of exchanges
can reach, so that the loads come out even and a solution is found whenever there is one. Step two says who of the two
is first: candidates are lines between examiners, and a set of lines can always be directed so that as many leave
each point as arrive, give or take one. So two equal limits hold whenever their sum does.
In between, partners are mixed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from app.core.errors import N_, Refusal
from app.practical.panels.mixing import mixed


@dataclass(frozen=True)
class Pair:
    first: int
    second: int

    def __contains__(self, examiner: int) -> bool:
        return examiner in (self.first, self.second)


@dataclass(frozen=True)
class Kept:
    """What stands already because marks hang on it."""

    first: int | None = None
    second: int | None = None

    def held(self) -> list[int]:
        return [examiner for examiner in (self.first, self.second) if examiner is not None]


NOTHING = Kept()


def allocate(
    candidates: Sequence[int],
    examiners: Sequence[int],
    conflicts: Set[tuple[int, int]],
    max_first: int = 20,
    max_second: int = 20,
    *,
    kept: Mapping[int, Kept] | None = None,
) -> dict[int, Pair]:
    """First and second examiner of each candidate; `conflicts` are pairs (candidate, examiner).

    The same input gives the same answer. A refusal says which candidates are left over and what would help.
    """
    kept = kept or {}
    free = {c: [e for e in examiners if (c, e) not in conflicts] for c in candidates}
    for candidate in candidates:
        held = kept.get(candidate, NOTHING).held()
        if len(set(free[candidate]) | set(held)) < 2:
            raise _nobody_free(candidate, len(free[candidate]))
    limit = 2 * min(max_first, max_second)
    standing = {c: kept.get(c, NOTHING).held() for c in candidates}
    duty = _Duty(free, examiners, limit, standing)
    if left_over := duty.give_all():
        raise _too_few(left_over, _more_needed(left_over, free, examiners, limit, standing))
    fixed = {c for c in candidates if kept.get(c, NOTHING).held()}
    arcs = {c: _directed(duty.held[c], kept.get(c, NOTHING)) for c in candidates}
    arcs = mixed(arcs, dict.fromkeys(candidates), conflicts, fixed)
    _even_out(arcs, fixed)
    _check_limits(arcs.values(), max_first, max_second)
    return {c: Pair(*arcs[c]) for c in candidates}


@dataclass
class _Duty:
    """Who has whom while places are given out."""

    free: Mapping[int, Sequence[int]]
    examiners: Sequence[int]
    limit: int
    kept: Mapping[int, list[int]]
    held: dict[int, list[int]] = field(init=False)
    has: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.held = {candidate: list(standing) for candidate, standing in self.kept.items()}
        self.has = {examiner: [] for examiner in self.examiners}
        for candidate, standing in self.kept.items():
            for examiner in standing:
                self.has.setdefault(examiner, []).append(candidate)

    def give_all(self) -> list[int]:
        """Two examiners for everybody; who stays without, once for each one missing."""
        return [c for c in self.free for _ in range(2 - len(self.held[c])) if not self.give_one(c)]

    def give_one(self, candidate: int) -> bool:
        """One more examiner for this candidate, others changing theirs if need be; False if nobody can."""
        came_from = self._reachable(candidate)
        best = min(came_from, key=lambda examiner: len(self.has[examiner]), default=None)
        if best is None or len(self.has[best]) >= self.limit:
            return False
        taker, given_up = came_from[best]
        while True:
            self.held[taker].append(best)
            self.has[best].append(taker)
            if given_up is None:
                return True
            self.held[taker].remove(given_up)
            self.has[given_up].remove(taker)
            best = given_up
            taker, given_up = came_from[best]

    def _reachable(self, candidate: int) -> dict[int, tuple[int, int | None]]:
        """Each examiner who could end up with one more: who would take them, giving up whom."""
        lowest = min(map(len, self.has.values()), default=0)
        came_from: dict[int, tuple[int, int | None]] = {}
        waiting, seen = deque[tuple[int, int | None]]([(candidate, None)]), {candidate}
        while waiting:
            taker, given_up = waiting.popleft()
            for examiner in self.free[taker]:
                if examiner in came_from or examiner in self.held[taker]:
                    continue
                came_from[examiner] = (taker, given_up)
                if len(self.has[examiner]) == lowest:
                    return came_from
                for other in self.has[examiner]:
                    if other not in seen and examiner not in self.kept[other]:
                        seen.add(other)
                        waiting.append((other, examiner))
        return came_from


def _directed(two: Sequence[int], kept: Kept) -> tuple[int, int]:
    one, other = two
    return (other, one) if kept.first == other or kept.second == one else (one, other)


def evened(pairs: Mapping[int, tuple[int, int]], fixed: Set[int] = frozenset()) -> dict[int, tuple[int, int]]:
    """The same pairs with everybody first about as often as second; `fixed` candidates keep theirs as it is."""
    arcs = dict(pairs)
    _even_out(arcs, fixed)
    return arcs


def _even_out(arcs: dict[int, tuple[int, int]], fixed: Set[int]) -> None:
    """Turn chains of arcs round until everybody is first about as often as second."""
    surplus: dict[int, int] = {}
    for first, second in arcs.values():
        surplus[first] = surplus.get(first, 0) + 1
        surplus[second] = surplus.get(second, 0) - 1
    for turned in (False, True):  # chains out of those too often first, then into those too often second
        sign = -1 if turned else 1
        for examiner in list(surplus):
            while surplus[examiner] * sign >= 2 and (chain := _chain(arcs, fixed, examiner, surplus, turned=turned)):
                end = examiner
                for candidate in chain:
                    end = arcs[candidate][0] if turned else arcs[candidate][1]
                    arcs[candidate] = (arcs[candidate][1], arcs[candidate][0])
                surplus[examiner] -= 2 * sign
                surplus[end] += 2 * sign


def _chain(
    arcs: Mapping[int, tuple[int, int]],
    fixed: Set[int],
    start: int,
    surplus: Mapping[int, int],
    *,
    turned: bool,
) -> list[int]:
    """The candidates along a way from `start` to somebody with the opposite surplus."""
    ways: dict[int, list[tuple[int, int]]] = {}
    for candidate, (first, second) in arcs.items():
        if candidate not in fixed:
            here, there = (second, first) if turned else (first, second)
            ways.setdefault(here, []).append((candidate, there))
    sign = -1 if turned else 1
    paths: dict[int, list[int]] = {start: []}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if surplus[here] * sign < 0:
            return paths[here]
        for candidate, there in ways.get(here, ()):
            if there not in paths:
                paths[there] = [*paths[here], candidate]
                waiting.append(there)
    return []


def _check_limits(arcs: Iterable[tuple[int, int]], max_first: int, max_second: int) -> None:
    firsts, seconds = _counts(first for first, _ in arcs), _counts(second for _, second in arcs)
    if any(n > max_first for n in firsts.values()) or any(n > max_second for n in seconds.values()):
        message = N_(
            "The limits of %(max_first)s candidates as first and %(max_second)s as second examiner cannot be kept with"
            " the sheets that already hold marks. Add an examiner to the session, then allocate again."
        )
        raise Refusal("allocation_limits", message, status=409, max_first=max_first, max_second=max_second)


def _counts(examiners: Iterator[int]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for examiner in examiners:
        counted[examiner] = counted.get(examiner, 0) + 1
    return counted


def _nobody_free(candidate: int, free: int) -> Refusal:
    message = N_(
        "For candidate %(candidate)s only %(free)s of this session's examiners may mark, and 2 are needed."
        " Add examiners who have no tie to this candidate."
    )
    details = {"candidates": [candidate], "free": free, "needed": 2}
    return Refusal("allocation_conflicts", message, status=409, details=details, candidate=candidate, free=free)


def _more_needed(
    left_over: Sequence[int], free: Mapping[int, Sequence[int]], examiners: Sequence[int], limit: int,
    standing: Mapping[int, list[int]],
) -> int:  # fmt: skip
    """The fewest examiners without ties that help, each number tried; nobody lacks more than two."""
    least = -(-len(left_over) // limit) if limit else 2
    for more in range(least, max(least, 2)):
        helpers = range(-more, 0)
        wider = {candidate: [*able, *helpers] for candidate, able in free.items()}
        if not _Duty(wider, [*examiners, *helpers], limit, standing).give_all():
            return more
    return max(least, 2)


def _too_few(left_over: Sequence[int], more: int) -> Refusal:
    each = _counts(iter(left_over))
    message = N_(
        "%(count)s candidates cannot get two examiners within the limits; the first is %(candidate)s."
        " Add at least %(more)s examiners without ties to them."
    )
    details = {"candidates": list(each), "more": more}
    return Refusal(
        "allocation_impossible", message, status=409, details=details,
        count=len(each), candidate=left_over[0], more=more,
    )  # fmt: skip
