"""Faults in a recording: a mark counts if its time is near a fault of the key and names its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.practical.scoring.values import NOTHING, Done, Scored, floored
from question_bank.tasks.desk_checks import BEFORE, BEHIND

FALSE_COSTS = Decimal("0.5")
"""A false alarm takes away half of what a fault found gives."""


@dataclass(frozen=True)
class Marked:
    id: str
    at: Decimal
    kind: str
    remark: str = ""


def marks_of(entries: Sequence[Done]) -> list[Marked]:
    """The marks that stand: the last word on each counts, and some were taken away again."""
    found: dict[str, Marked] = {}
    for entry in entries:
        data = entry.data
        if entry.kind == "mark":
            found[data["id"]] = Marked(data["id"], Decimal(str(data["at"])), data["fault"], data.get("remark", ""))
        elif entry.kind == "unmark":
            found.pop(data["id"], None)
    return sorted(found.values(), key=lambda mark: (mark.at, mark.id))


def score(block: Mapping[str, Any], entries: Sequence[Done]) -> Scored:
    """Faults found, less half for each false alarm, of all there are. A fault marked twice is found once."""
    marks, faults = marks_of(entries), block["faults"]
    fits = [{number for number, fault in enumerate(faults) if _near(mark, fault, kind=True)} for mark in marks]
    paired = _paired(fits)
    found = {fault: mark for mark, fault in paired.items()}
    false = [number for number, near in enumerate(fits) if not near]
    share = (len(found) - FALSE_COSTS * len(false)) / len(faults) if faults else NOTHING
    facts = {
        "faults": [
            {"id": fault["id"], "kind": fault["kind"], "from": str(fault["from"]), "to": str(fault["to"]),
             "why": fault.get("why", ""), "found": _told(marks[found[number]]) if number in found else None}
            for number, fault in enumerate(faults)
        ],
        "false": [_told(marks[number]) | _excuse(marks[number], block) for number in false],
        "found": len(found),
    }  # fmt: skip
    return Scored(floored(share), facts)


def _near(mark: Marked, place: Mapping[str, Any], *, kind: bool) -> bool:
    within = Decimal(str(place["from"])) - BEFORE <= mark.at <= Decimal(str(place["to"])) + BEHIND
    return within and (not kind or mark.kind == place["kind"])


def _excuse(mark: Marked, block: Mapping[str, Any]) -> dict[str, Any]:
    """What lies where a false alarm was given: a fault of another kind, or what only looks like one."""
    other = [fault["id"] for fault in block["faults"] if _near(mark, fault, kind=False)]
    decoy = [one.get("why_not", "") for one in block.get("decoys") or () if _near(mark, one, kind=False)]
    return {"other_kind": other, "decoy": decoy}


def _told(mark: Marked) -> dict[str, Any]:
    return {"at": str(mark.at), "kind": mark.kind, "remark": mark.remark}


def _paired(fits: Sequence[set[int]]) -> dict[int, int]:
    """Marks to faults, each once, as many as can be: a mark between two faults goes where it is needed."""
    holder: dict[int, int] = {}

    def placed(mark: int, tried: set[int]) -> bool:
        for fault in sorted(fits[mark] - tried):
            tried.add(fault)
            if fault not in holder or placed(holder[fault], tried):
                holder[fault] = mark
                return True
        return False

    for mark in range(len(fits)):
        placed(mark, set())
    return {mark: fault for fault, mark in holder.items()}
