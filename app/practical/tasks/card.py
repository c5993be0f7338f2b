"""What of a task its candidate sees. Named field by field, so that a key added later stays at home by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.practical.scoring import roster
from question_bank.tasks.planning import Roster

Block = Mapping[str, Any]


def card_of(body: Block) -> dict[str, Any]:
    card = body["card"]
    return {"title": body["title"], "trade": body["trade"], **_only(card, "situation", "rules", "data", "asks")}


def shown(kind: str, body: Block) -> dict[str, Any]:
    """The kind's own data without script, traps, sheet and key."""
    make = _KINDS.get(kind, _played)
    return make(body.get(kind) or body.get("role") or {})


def _played(role: Block) -> dict[str, Any]:
    """Of the role: the recording of whom to coach, or the agenda of a briefing; nothing else."""
    return {key: role[key] for key in ("record", "agenda") if role.get(key)}


def _chat(block: Block) -> dict[str, Any]:
    return {
        "customers": [_only(one, "id", "name") for one in block["customers"]],
        "phrases": list(block.get("phrases") or ()),
    }


def _ticket(block: Block) -> dict[str, Any]:
    return {"fields": [_only(one, "id", "label", "type", "options", "required") for one in block["fields"]]}


def _typing(block: Block) -> dict[str, Any]:
    return _only(block, "text", "digits", "minutes", "targets")


def _faults(block: Block) -> dict[str, Any]:
    return {"seconds": block["seconds"], "kinds": [_only(one, "id", "name") for one in block["kinds"]]}


def _report(block: Block) -> dict[str, Any]:
    return {
        "tables": [_only(one, "title", "columns", "rows") for one in block["tables"]],
        "text": block["text"],
        "questions": [_only(one, "id", "ask", "type", "options") for one in block["questions"]],
    }


def _roster(block: Block) -> dict[str, Any]:
    given = _only(block, "intervals", "aht", "service_level", "shrinkage", "staff", "shifts", "limits")
    task = Roster.model_validate(block)
    return {**given, "needs": roster.needs(task), "levels": roster.levels(task)}


_KINDS = {
    "chat": _chat,
    "ticket": _ticket,
    "typing": _typing,
    "faults": _faults,
    "report": _report,
    "roster": _roster,
}


def _only(given: Block, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
