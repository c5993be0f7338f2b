"""Which candidate gets which task: seeded, evenly spread, unseen ones first, and never twice the same trade for one
candidate where another can be had.

For each task of the scheme in turn this is a matching at least cost. What it may cost, from dear to cheap: giving a
candidate a task met before, giving one task to more candidates than another, and repeating a trade. Whoever is dealt
first cannot know what comes later; so each task is dealt again beside all others for as long as trades repeat less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from question_bank.chance import Chance, shuffled

_SEEN, _UNEVEN, _TRADE = 10**12, 10**5, 1
_NEVER = 10**18
ROUNDS = 12
"""At most so often is everything dealt again."""


@dataclass(frozen=True)
class Stock:
    """A task in use, and how often it was drawn so far."""

    version_id: int
    code: str
    kind: str
    trade: str
    drawn: int = 0


@dataclass(frozen=True)
class Drawer:
    """A candidate: what stands already (slot → task), and codes of the tasks met at earlier sittings."""

    key: int
    standing: Mapping[str, Stock] = field(default_factory=dict)
    met: frozenset[str] = frozenset()


def draw(
    slots: Sequence[tuple[str, str]],
    stock: Iterable[Stock],
    drawers: Sequence[Drawer],
    seed: str,
    rounds: int = ROUNDS,
) -> dict[int, dict[str, Stock]]:
    """What is new for each candidate: key → slot → task. `slots` are (id, kind); what stands is never touched.

    A slot for which there is no task stays empty.
    """
    listed = sorted(stock, key=lambda one: one.code)
    people = sorted(drawers, key=lambda one: one.key)
    held = {one.key: dict(one.standing) for one in people}
    found: dict[int, dict[str, Stock]] = {one.key: {} for one in people}
    repeats: int | None = None
    for _round in range(rounds):
        for slot, kind in slots:
            fitting = [one for one in listed if one.kind == kind]
            waiting = [one for one in people if slot not in one.standing]
            for one in waiting:
                held[one.key].pop(slot, None)
            if not fitting or not waiting:
                continue
            standing = [one.standing[slot].code for one in people if slot in one.standing]
            for key, task in _Deal(fitting, standing, seed, slot).deal(waiting, held).items():
                held[key][slot] = found[key][slot] = task
        before, repeats = repeats, sum(map(_repeats, held.values()))
        if repeats == 0 or (before is not None and repeats >= before):
            break
    return {key: tasks for key, tasks in found.items() if tasks}


def _repeats(tasks: Mapping[str, Stock]) -> int:
    """How many pairs of one candidate's tasks are of the same trade: what dealing a task again can only lessen."""
    return sum(one.trade == other.trade for one, other in combinations(tasks.values(), 2))


class _Deal:
    """One slot's matching of candidates to tasks, by successive cheapest paths."""

    def __init__(self, tasks: Sequence[Stock], standing: Sequence[str], seed: str, slot: str) -> None:
        chance = Chance(seed, slot)
        self.chance = chance
        self.tasks = sorted(shuffled(tasks, chance), key=lambda one: one.drawn)
        """The least drawn first, by lot among equals."""
        self.load = [standing.count(one.code) for one in self.tasks]
        self.holders: list[dict[int, list[int]]] = [{} for _ in self.tasks]
        """For each task who got it: key → what each task would cost this candidate."""
        self.known: list[dict[int, tuple[int, int]] | None] = [None] * len(self.tasks)

    def deal(self, waiting: Sequence[Drawer], held: Mapping[int, Mapping[str, Stock]]) -> dict[int, Stock]:
        for person in shuffled(waiting, self.chance):
            costs = [_cost(task, person, held[person.key]) for task in self.tasks]
            if min(costs) < _NEVER:
                self._place(person.key, costs)
        return {key: self.tasks[place] for place, keys in enumerate(self.holders) for key in keys}

    def _place(self, key: int, costs: list[int]) -> None:
        """Along the cheapest chain of changes: this candidate takes a task, whose holder takes another, and so on."""
        size = len(self.tasks)
        ends = [_UNEVEN * load for load in self.load]  # one more where there are many costs more than where few are
        price = list(costs)
        before: list[tuple[int, int] | None] = [None] * size
        changed = True
        while changed:
            changed = False
            for place in range(size):
                for other, (gain, holder) in self._moves(place).items():
                    if price[place] + gain < price[other]:
                        price[other], before[other], changed = price[place] + gain, (place, holder), True
        last = min(range(size), key=lambda place: (price[place] + ends[place], place))
        self._shift(key, costs, before, last)

    def _moves(self, place: int) -> dict[int, tuple[int, int]]:
        """For each other task the holder of this one who would go there at the least cost."""
        if (known := self.known[place]) is not None:
            return known
        best: dict[int, tuple[int, int]] = {}
        for holder, costs in self.holders[place].items():
            for other, cost in enumerate(costs):
                gain = cost - costs[place]
                if other != place and cost < _NEVER and gain < best.get(other, (_NEVER, 0))[0]:
                    best[other] = (gain, holder)
        self.known[place] = best
        return best

    def _shift(self, key: int, costs: list[int], before: list[tuple[int, int] | None], last: int) -> None:
        self.load[last] += 1
        place, self.known[last] = last, None
        while (step := before[place]) is not None:
            source, holder = step
            self.holders[place][holder] = self.holders[source].pop(holder)
            place, self.known[source] = source, None
        self.holders[place][key] = costs


def _cost(task: Stock, person: Drawer, held: Mapping[str, Stock]) -> int:
    """What giving this task to this candidate costs; nobody does one task twice in a sitting."""
    if any(one.code == task.code for one in held.values()):
        return _NEVER
    seen = _SEEN if task.code in person.met else 0
    return seen + _TRADE * sum(one.trade == task.trade for one in held.values())
