"""A ticket: what was recorded against the facts that were spoken, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.practical.scoring.forms import credit
from app.practical.scoring.values import NOTHING, Done, Scored, floored, standing


def score(block: Mapping[str, Any], entries: Sequence[Done]) -> Scored:
    """By weight; a field without a key is the examiner's to read."""
    given, fields = standing(entries), []
    reached, total = NOTHING, NOTHING
    for field in block["fields"]:
        weight, keyed = Decimal(str(field.get("weight") or 1)), bool(field.get("answer"))
        got = credit(field, given.get(field["id"]))
        if keyed:
            reached += weight * got
            total += weight
        fields.append(
            {
                "id": field["id"],
                "label": field["label"],
                "given": str(given.get(field["id"]) or ""),
                "expected": [str(one) for one in field.get("answer") or ()],
                "right": str(floored(got)) if keyed else None,
            }
        )
    return Scored(floored(reached / total) if total else None, {"fields": fields})
