"""Before a session: can the bank give so many fair papers, and if not, what is lacking and what is the cheapest repair?

The answer is a rehearsal: papers are drawn as for the session. What a repair promises has been rehearsed as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.core.errors import N_, Refusal
from question_bank.blueprint import Blueprint
from question_bank.pool_item import PoolItem, in_order
from question_bank.rehearsal import Rehearsal, rehearse
from question_bank.repairs import Lack, friends_needed, lacks_of, lowest_cap

Sentence = tuple[str, dict[str, Any]]
"""A msgid and its parameters."""


@dataclass(frozen=True)
class Preflight:
    papers: int
    exposure_cap: int
    rehearsal: Rehearsal | None
    """None when the bank cannot give the papers."""
    lacks: tuple[Lack, ...] = ()
    """The fewest new items that were found to mend it."""
    raise_cap_to: int | None = None
    """The lowest exposure cap in percent that would do instead."""
    release: tuple[tuple[str, str], ...] = ()
    """Pairs of enemies that would do instead, if they might meet."""

    @property
    def possible(self) -> bool:
        return self.rehearsal is not None

    @property
    def new_items(self) -> int:
        return sum(lack.missing for lack in self.lacks)

    def sentences(self) -> list[Sentence]:
        """What the registrar reads, first the answer, then what is lacking, then the repairs."""
        return _good(self, self.rehearsal) if self.rehearsal else _bad(self)

    def refusal(self) -> Refusal:
        """What preparing the session is refused with."""
        details = {"problems": [asdict(lack) for lack in self.lacks], "new_items": self.new_items,
                   "raise_cap_to": self.raise_cap_to, "release": [list(pair) for pair in self.release]}  # fmt: skip
        message, params = _bad(self)[0]
        if not self.lacks:
            return Refusal("bank_insufficient", message, details=details, **params)
        worst = max(self.lacks, key=lambda lack: lack.missing)
        message = N_(
            "The bank cannot give %(papers)s papers that keep to the rules of the draw. It lacks %(items)s items, most "
            "of them (%(missing)s) in row %(row)s, %(content)s, %(type)s. Check the bank for this session to see every "
            "cell and the cheapest repair."
        )
        params |= {"items": self.new_items, "missing": worst.missing, "row": worst.row, "content": worst.content,
                   "type": [worst.type]}  # fmt: skip
        return Refusal("bank_insufficient", message, details=details, **params)


def preflight(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> Preflight:
    known = in_order(pool)
    rules = blueprint.rules
    try:
        return Preflight(papers, rules.exposure_cap, rehearse(blueprint, known, papers))
    except Refusal as refused:
        if refused.code == "pool_item_twice":
            raise
    lacks = lacks_of(blueprint, known, papers)
    return Preflight(
        papers,
        rules.exposure_cap,
        None,
        lacks,
        lowest_cap(blueprint, known, papers),
        friends_needed(blueprint, known, papers),
    )


def _good(found: Preflight, rehearsal: Rehearsal) -> list[Sentence]:
    message = N_(
        "The bank can give %(papers)s papers. In a rehearsal their expected scores differed by at most %(spread)s "
        "marks, their time estimates lay between %(shortest)s and %(longest)s minutes, and no item stood on more than "
        "%(share)s %% of them."
    )
    minutes = {"shortest": -(-rehearsal.shortest // 60), "longest": -(-rehearsal.longest // 60)}
    return [(message, {"papers": found.papers, "spread": rehearsal.spread, "share": rehearsal.share, **minutes})]


def _bad(found: Preflight) -> list[Sentence]:
    sentences: list[Sentence] = [
        (N_("The bank cannot give %(papers)s papers that keep to the rules of the draw."), {"papers": found.papers})
    ]
    message = N_(
        "Row %(row)s, %(content)s, %(type)s: needed on each paper %(needed)s, in the bank %(found)s, to be added "
        "%(missing)s."
    )
    sentences += [(message, {**asdict(lack), "type": [lack.type]}) for lack in found.lacks]
    if found.lacks:
        sentences.append((N_("New items that would do, in all: %(items)s."), {"items": found.new_items}))
    if found.raise_cap_to:
        message = N_(
            "It would also do to let an item stand on up to %(percent)s %% of the papers instead of %(cap)s %%. "
            "Items that many candidates meet get known sooner."
        )
        sentences.append((message, {"percent": found.raise_cap_to, "cap": found.exposure_cap}))
    if found.release:
        message = N_("It would also do to let these items stand on one paper, if they allow it: %(pairs)s.")
        sentences.append((message, {"pairs": [f"{one} – {other}" for one, other in found.release]}))
    if len(sentences) == 1:
        message = N_("No small repair was found. Add items of middling difficulty to every cell, then check again.")
        sentences.append((message, {}))
    return sentences
