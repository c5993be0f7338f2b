"""One question to all engines: what share of the points does what was done at a task earn?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.practical.scoring import chat, faults, keying, report, roster, ticket
from app.practical.scoring.values import Done, Scored

_KEYED: dict[str, Callable[[Mapping[str, Any], Sequence[Done]], Scored]] = {
    "typing": keying.score,
    "ticket": ticket.score,
    "faults": faults.score,
    "report": report.score,
    "roster": roster.score,
}


def score(kind: str, block: Mapping[str, Any], entries: Sequence[Done], lasted: Decimal) -> Scored:
    """A function of the task and its entries alone: the same ones give the same share however often it is asked.

    `lasted` is how many seconds the task was open. A kind that is played before examiners has no share.
    """
    if kind == "chat":
        return chat.score(block, entries, lasted)
    return _KEYED[kind](block, entries) if kind in _KEYED else Scored(None)
