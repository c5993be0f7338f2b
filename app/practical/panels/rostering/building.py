"""A roster from nothing: sittings of teams in the order of time, candidates dealt to them, the rest fitted in."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from app.practical.panels.allocation import evened
from app.practical.panels.mixing import mixed
from app.practical.panels.rostering.book import Book, Stay
from app.practical.panels.rostering.errands import Fitter, Tired, needs_of
from app.practical.panels.rostering.inserting import insert, make_room
from app.practical.panels.rostering.judge import violations
from app.practical.panels.rostering.places import plans_of
from app.practical.panels.rostering.teams import Backbone, teams_of
from app.practical.panels.rostering.values import Plan, Problem


@dataclass(frozen=True)
class Attempt:
    """A way to build a day."""

    compact: bool = False
    """Days without waiting are sought first."""
    alike: bool = False
    """Everybody's tasks at computers in one order after the block: no place stands empty in between."""
    staggered: bool = False
    """Station begins after station."""
    turn: int = 0
    """How far the teams are turned."""


ATTEMPTS = (
    Attempt(compact=True), Attempt(compact=True, staggered=True), Attempt(alike=True), Attempt(staggered=True),
    Attempt(turn=1), Attempt(alike=True, staggered=True),
)  # fmt: skip
"""The calmest day first, then those that find room in tighter ones."""
MOST_MOVED = 40
"""So many others are moved on trial for one who fits nowhere."""


def build(problem: Problem, attempts: int = len(ATTEMPTS)) -> dict[int, Plan] | None:
    """First and second examiner and turns of everybody; None if this way finds none, which proves nothing."""
    for way in ATTEMPTS[:attempts]:
        with suppress(Tired):
            if (stays := _attempt(problem, way)) is not None:
                return finished(problem, _mixed(problem, stays))
    return None


def finished(
    problem: Problem,
    stays: Mapping[int, Stay],
    former: Mapping[int, Plan] | None = None,
    fixed: frozenset[int] = frozenset(),
) -> dict[int, Plan]:
    """Stays with places numbered and everybody first about as often as second; `fixed` keep their order."""
    arcs = evened({candidate: (stay.first, stay.second) for candidate, stay in stays.items()}, fixed)
    turned = {
        candidate: Stay(*arcs[candidate], stay.desk, stay.start, stay.errands) for candidate, stay in stays.items()
    }
    roster = plans_of(problem, turned, dict(former or {}))
    if wrong := violations(problem, roster):
        raise AssertionError(f"the solver broke a rule: {wrong[:3]}")
    return {candidate: roster[candidate] for candidate in problem.candidates if candidate in roster}


def _mixed(problem: Problem, stays: Mapping[int, Stay]) -> dict[int, Stay]:
    """Partners change between those who come at the same time for as long."""
    slots = {candidate: (stay.start, problem.block(candidate)) for candidate, stay in stays.items()}
    pairs = mixed({candidate: (stay.first, stay.second) for candidate, stay in stays.items()}, slots, problem.ties)
    return {
        candidate: Stay(*pairs[candidate], stay.desk, stay.start, stay.errands) for candidate, stay in stays.items()
    }


def _attempt(problem: Problem, way: Attempt) -> dict[int, Stay] | None:
    fitter = Fitter(Book(problem), compact=way.compact, alike=way.alike)
    book = fitter.book
    left = _deal(problem, fitter, way.turn, staggered=way.staggered) if problem.attended else list(problem.candidates)
    for candidate in left:
        if insert(book, fitter, candidate):
            continue
        others = [other for other in list(book.stays)[-MOST_MOVED:] if other != candidate]
        if not make_room(book, fitter, candidate, others):
            return None
    return book.stays


def _deal(problem: Problem, fitter: Fitter, turn: int, *, staggered: bool) -> list[int]:
    """Sittings for candidates, the longest first; who is left over."""
    book, backbone = fitter.book, Backbone(problem, teams_of(problem, turn), staggered=staggered)
    dead: set[tuple[tuple[int, ...], int]] = set()
    waiting = deque(sorted(problem.candidates, key=lambda one: -problem.block(one)))
    while waiting:
        candidate = waiting[0]
        length, form = problem.block(candidate), problem.form(candidate)
        sitting = backbone.next(length)
        fitter.spend(1 + len(problem.examiners) // 50)
        if sitting is None:
            break
        if (form, sitting.start) in dead:
            backbone.leave(sitting)
            continue
        errands = fitter.around(sitting.start, length, needs_of(problem, candidate))
        if errands is None:
            dead.add((form, sitting.start))
            backbone.leave(sitting)
            continue
        backbone.take(sitting, length)
        one, other = _in_turn(book, sitting.one, sitting.other)
        book.add(waiting.popleft(), Stay(one, other, sitting.desk, sitting.start, errands))
    return [*_freed_of_ties(problem, book), *waiting]


def _in_turn(book: Book, one: int, other: int) -> tuple[int, int]:
    return (one, other) if book.load[one] % 2 == 0 else (other, one)


def _freed_of_ties(problem: Problem, book: Book) -> list[int]:
    """Exchange stays among candidates of one form until nobody meets a tie; who cannot, gives the stay up."""
    by_form: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for candidate in book.stays:
        by_form[problem.form(candidate)].append(candidate)
    left = []
    for alike in by_form.values():
        stays = {candidate: book.stays[candidate] for candidate in alike}
        tied = [one for one in alike if not _free(problem, one, stays[one])]
        if not tied:
            continue
        dealt = _Exchange(problem, stays, tied).dealt()
        for candidate in [one for one in alike if one not in dealt]:
            left.append(candidate)
        spare = [stay for stay in stays.values() if all(stay is not other for other in dealt.values())]
        for candidate, stay in zip([one for one in alike if one not in dealt], spare, strict=True):
            book.stays[candidate] = stay
            book.remove(candidate)
        book.stays.update(dealt)
    return left


def _free(problem: Problem, candidate: int, stay: Stay) -> bool:
    return (candidate, stay.first) not in problem.ties and (candidate, stay.second) not in problem.ties


class _Exchange:
    """Stays go from hand to hand along the shortest chain that ends at one nobody holds."""

    def __init__(self, problem: Problem, stays: dict[int, Stay], tied: list[int]) -> None:
        self.problem = problem
        self.holds = {one: stay for one, stay in stays.items() if one not in set(tied)}
        self.waiting = tied
        self.spare = [stays[one] for one in tied]

    def dealt(self) -> dict[int, Stay]:
        for candidate in self.waiting:
            self._give(candidate)
        return self.holds

    def _give(self, candidate: int) -> None:
        """Pairs are the steps of the chain: all stays of one pair are alike here."""
        by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)
        for holder, stay in self.holds.items():
            by_pair[_key(stay)].append(holder)
        spare = {_key(stay): stay for stay in reversed(self.spare)}
        came: dict[tuple[int, int], tuple[int, tuple[int, int] | None]] = {}
        queue: deque[tuple[int, tuple[int, int] | None]] = deque([(candidate, None)])
        keys = list(dict.fromkeys([*spare, *by_pair]))
        while queue:
            person, via = queue.popleft()
            for key in keys:
                if key in came or any((person, one) in self.problem.ties for one in key):
                    continue
                came[key] = (person, via)
                if key in spare:
                    self._hand_over(key, spare[key], came)
                    return
                queue.extend((holder, key) for holder in by_pair[key])

    def _hand_over(
        self,
        key: tuple[int, int],
        stay: Stay,
        came: Mapping[tuple[int, int], tuple[int, tuple[int, int] | None]],
    ) -> None:
        self.spare = [one for one in self.spare if one is not stay]
        step: tuple[int, int] | None = key
        while step is not None:
            person, step = came[step]
            given_up = self.holds.get(person)
            self.holds[person] = stay
            if given_up is not None:
                stay = given_up


def _key(stay: Stay) -> tuple[int, int]:
    return (stay.first, stay.second) if stay.first < stay.second else (stay.second, stay.first)
