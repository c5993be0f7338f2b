"""Drawing the papers of one large session, beside plain stratified random drawing from the same bank in the same run.

python -m benchmarks.papers [ITEMS] [PAPERS]
"""

from __future__ import annotations

import gc
import multiprocessing
import random
import resource
import statistics
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing.connection import Connection

from app.schemes.scheme import scheme
from question_bank.blueprint import Blueprint, make_blueprint
from question_bank.drawing import Drawer, DrawnPaper, paper_seed
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem

ITEMS, PAPERS, ROUNDS, BATCH = 100_000, 10_000, 3, 200
SCHEME, LEVEL = "PTS152010301-01", "junior"


@dataclass
class Papers:
    """What a way of drawing brought: expected scores, times, and how often each item was used."""

    scores: list[Decimal] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)

    def add(self, items: list[tuple[PoolItem, int]]) -> None:
        self.scores.append(sum((item.difficulty * marks for item, marks in items), Decimal(0)))
        self.seconds.append(sum(item.seconds for item, _ in items))
        self.used.update(item.id for item, _ in items)

    def told(self) -> str:
        spread, share = max(self.scores) - min(self.scores), max(self.used.values()) / len(self.scores)
        minutes = (max(self.seconds) - min(self.seconds)) / 60
        return f"expected scores {spread:6.3f} marks apart, times {minutes:5.1f} min, an item on at most {share:.3%}"


def bank(blueprint: Blueprint, items: int, seed: int = 1) -> list[PoolItem]:
    """Cells filled in proportion to what papers take, difficulties and times as authors estimate them."""
    rng, pool = random.Random(seed), list[PoolItem]()  # noqa: S311
    on_paper = sum(cell.count for cell in blueprint.cells)
    for cell in blueprint.cells:
        for _ in range(items * cell.count // on_paper):
            options = ("T", "F") if cell.type == "truefalse" else tuple("ABCD")
            key = ("A", "C") if cell.type == "multiple" else (rng.choice(options),)
            pool.append(
                PoolItem(
                    f"I{len(pool):06}", 1, len(pool), cell.type, cell.row, cell.content,
                    Decimal(rng.randint(350, 900)).scaleb(-3), options, frozenset(), f"{len(pool):064x}",
                    rng.choice((30, 45, 60, 75, 90, 120)), "", key,
                )
            )  # fmt: skip
    return pool


def plain(blueprint: Blueprint, pool: list[PoolItem], papers: int) -> Iterator[list[tuple[PoolItem, int]]]:
    """random.sample from each cell, items and options shuffled: exact cells, and nothing else looked after."""
    cells = defaultdict[tuple[str, str, str], list[PoolItem]](list)
    for item in pool:
        cells[item.cell].append(item)
    for number in range(papers):
        rng = random.Random(number)  # noqa: S311
        found = []
        for kind, form in blueprint.types.items():
            items = [one for c in blueprint.cells if c.type == kind for one in rng.sample(cells[c.key], c.count)]
            rng.shuffle(items)
            for item in items:
                options = list(item.options)
                if ITEM_TYPES[kind].shuffles:
                    rng.shuffle(options)
                found.append((item, form.marks))
        yield found


def ours(drawer: Drawer, papers: int) -> Iterator[DrawnPaper]:
    dealer = drawer.session(papers)
    for number in range(papers):
        yield dealer.draw(paper_seed("secret", number))


def in_two(drawer: Drawer, papers: int) -> None:
    """One process chooses the items, another makes the papers of them."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    maker = context.Process(target=_made, args=(drawer, papers, receiver))
    maker.start()
    dealer, batch = drawer.session(papers), list[tuple[bytes, int, int]]()
    for number in range(papers):
        units, attempt, before = dealer.deal(paper_seed("secret", number))
        batch.append((array("i", units).tobytes(), attempt, before))
        if len(batch) == BATCH or number == papers - 1:
            sender.send(batch)
            batch = []
    maker.join()
    if maker.exitcode:
        sys.exit("the second process failed")


def _made(drawer: Drawer, papers: int, receiver: Connection) -> None:
    made = 0
    while made < papers:
        for packed, attempt, before in receiver.recv():
            units = array("i", packed)
            drawer.paper(paper_seed("secret", before), units, attempt, before, papers)
            made += 1


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def emptied(papers: Iterator[object]) -> None:
    for _ in papers:
        pass


def main(items: int = ITEMS, papers: int = PAPERS) -> None:
    blueprint = make_blueprint(scheme(SCHEME).level(LEVEL))
    pool = bank(blueprint, items)
    began = time.perf_counter()
    drawer = Drawer(blueprint, pool)
    ready = time.perf_counter() - began
    gc.freeze()
    ways = {
        "plain stratified random, one core": lambda: emptied(plain(blueprint, pool, papers)),
        "fair and repeatable, one core": lambda: emptied(ours(drawer, papers)),
        "fair and repeatable, two cores": lambda: in_two(drawer, papers),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(timed(way))
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"{papers:,} papers of {sum(cell.count for cell in blueprint.cells)} items from a bank of {len(pool):,}")
    print(
        f"  the bank made ready once, snapshot named: {ready:.2f} s; the larger process at its peak: {memory:,.0f} MB"
    )
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"  {name:34} {middle:6.2f} s ({min(found):.2f} to {max(found):.2f}), {papers / middle:7,.0f}/s")
    by_chance, fair, tries = Papers(), Papers(), Counter[int]()
    for one in plain(blueprint, pool, papers):
        by_chance.add(one)
    for paper in ours(drawer, papers):
        fair.add([(drawn.item, drawn.marks) for drawn in paper.items])
        tries[paper.attempt] += 1
    print(f"  plain: {by_chance.told()}")
    print(f"  fair:  {fair.told()}; {tries[0] / papers:.0%} at the first try")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
