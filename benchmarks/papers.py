"""Papers drawn per second on one core, beside bare random samples of the same sizes from the same pools.

python -m benchmarks.papers [SECONDS_PER_ROUND]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count

from app.config import Settings
from app.core.db import db
from app.factory import create_app
from app.schemes.scheme import scheme
from benchmarks.store import LEVEL, SCHEME, Store, prepared
from question_bank.blueprint import make_blueprint
from question_bank.drawing import Drawer
from question_bank.pool import load_pool

ROUNDS = 5


def rate(work: Callable[[], object], seconds: float) -> float:
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work()
        done += 1
    return done / spent


def measure(store: Store, seconds: float) -> None:
    app = create_app(Settings.from_env(store.env))
    with app.app_context():
        pool = load_pool(db.session(), SCHEME, LEVEL)
        db.session.remove()
        db.engine.dispose()
    blueprint = make_blueprint(scheme(SCHEME).level(LEVEL))
    drawer, seeds, rng = Drawer(blueprint, pool), count(1), random.Random(1)  # noqa: S311
    strata = defaultdict(list)
    for item in pool:
        strata[item.row, item.content, item.type].append(item)
    cells = [(strata[cell.key], cell.count) for cell in blueprint.cells]
    drawn: list[float] = []
    sampled: list[float] = []
    for _ in range(ROUNDS):
        drawn.append(rate(lambda: drawer.draw(next(seeds)), seconds))
        sampled.append(rate(lambda: [rng.sample(items, size) for items, size in cells], seconds))
    ratios = sorted(one / other for one, other in zip(drawn, sampled, strict=True))
    print(f"papers, one core, {len(pool)} items in the bank, {sum(size for _, size in cells)} on a paper")
    print(f"  bare random.sample       {statistics.median(sampled):8,.0f}/s")
    print(f"  papers, ready to store   {statistics.median(drawn):8,.0f}/s")
    print(f"  papers / bare: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def main(seconds: float = 1.0) -> None:
    with prepared(1) as store:
        measure(store, seconds)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
