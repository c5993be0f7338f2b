"""Reading a report: questions with a key count by weight; what is written at length is the examiner's to judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.core.figures import exact_number
from app.practical.scoring.forms import number
from app.practical.scoring.values import NOTHING, Done, Scored, floored, standing


def score(block: Mapping[str, Any], entries: Sequence[Done]) -> Scored:
    given, asked = standing(entries), []
    reached, total = NOTHING, NOTHING
    for question in block["questions"]:
        answer, weight = given.get(question["id"]), Decimal(str(question.get("weight") or 1))
        judged = None if question["type"] == "long" else right(question, answer)
        if judged is not None:
            total += weight
            reached += weight if judged else NOTHING
        asked.append({"id": question["id"], "ask": question["ask"], "given": answer, "right": judged,
                      "expected": question.get("answer")})  # fmt: skip
    return Scored(floored(reached / total) if total else None, {"questions": asked})


def right(question: Mapping[str, Any], answer: object) -> bool:
    """Several choices are right only all together; a number within the tolerance that the question grants."""
    key = question.get("answer")
    match question["type"]:
        case "number":
            given, wanted = number(answer) if isinstance(answer, str) else None, exact_number(_first(key))
            tolerance = exact_number(question.get("tolerance") or 0) or NOTHING
            return given is not None and wanted is not None and abs(given - wanted) <= tolerance
        case "multiple":
            chosen = answer if isinstance(answer, list) else []
            return bool(chosen) and sorted(map(str, chosen)) == sorted(map(str, key or ()))
    return isinstance(answer, str) and bool(answer) and answer == str(_first(key))


def _first(key: object) -> object:
    return key[0] if isinstance(key, list | tuple) and key else key
