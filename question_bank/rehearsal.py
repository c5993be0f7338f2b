"""Drawing a session's papers on trial, for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import Refusal
from question_bank.blueprint import Blueprint
from question_bank.dealing import MILLI
from question_bank.drawing import Drawer, paper_seed
from question_bank.pool_item import PoolItem

TRIALS, FEW = 3, 1000
"""Up to so many papers a session is rehearsed so many times: one lucky draw would say little about another."""


@dataclass(frozen=True)
class Rehearsal:
    """Figures of papers that were drawn on trial."""

    papers: int
    lowest: Decimal
    highest: Decimal
    """Expected scores in marks."""
    shortest: int
    longest: int
    """Time estimates in seconds."""
    most_used: int
    """Papers on which the most used item stands."""

    @property
    def spread(self) -> Decimal:
        return self.highest - self.lowest

    @property
    def share(self) -> int:
        """Percent of the papers on which the most used item stands, rounded up."""
        return -(-100 * self.most_used // self.papers)


def rehearse(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> Rehearsal:
    """Draws so many papers of nobody; refuses as the session would. Figures are those of the worst trial."""
    drawer = Drawer(blueprint, pool)
    figures, most_used = list[tuple[int, int]](), 0
    for trial in range(TRIALS if papers <= FEW else 1):
        dealer = drawer.session(papers)
        figures += (dealer.rehearse(paper_seed(f"rehearsal {trial}", number)) for number in range(papers))
        most_used = max(most_used, *dealer.used)
    scores, times = zip(*figures, strict=True)
    lowest, highest = (Decimal(one) / MILLI for one in (min(scores), max(scores)))
    return Rehearsal(papers, lowest, highest, min(times), max(times), most_used)


def works(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> bool:
    try:
        rehearse(blueprint, pool, papers)
    except Refusal:
        return False
    return True
