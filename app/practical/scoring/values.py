"""What the engine is given and what it answers, as values: what a candidate did, and the share of the points for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

ONE, NOTHING = Decimal(1), Decimal(0)
_FINEST = Decimal("0.000001")


@dataclass(frozen=True)
class Done:
    """One entry of a task, in the order in which the server stored it."""

    kind: str
    data: Mapping[str, Any]
    seconds: Decimal
    """Since the task began, by the server's clock."""


@dataclass(frozen=True)
class Scored:
    share: Decimal | None
    """0 to 1 of a criterion's points; None where the engine only measures."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the examiner reads beside it; plain JSON, figures as texts."""


def floored(share: Decimal) -> Decimal:
    """Within 0 and 1, never rounded up."""
    return min(ONE, max(NOTHING, share)).quantize(_FINEST, rounding=ROUND_FLOOR)


def standing(entries: Iterable[Done]) -> dict[str, Any]:
    """What stands in each field, the last writing counts."""
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.kind == "values":
            found.update(entry.data["values"])
    return found


def shown(number: Decimal, places: int = 1) -> str:
    return str(number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR))
