"""What may be stored for a task: by its kind, within its own fields, of bearable size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from app.core.errors import N_, Refusal
from app.core.figures import exact_number

MOST_BYTES = 20_000
MOST_ENTRIES = 2_000
LONGEST_SAY, LONGEST_TEXT, LONGEST_REMARK = 500, 4_000, 300
AT_COMPUTER = ("chat", "ticket", "typing", "faults", "report", "roster")
"""Kinds done at a computer; the others are played before the examiners."""
Data = Mapping[str, Any]


def checked(task: str, block: Data, kind: str, data: Data) -> dict[str, Any]:
    """The entry as it is kept; a refusal says what does not fit."""
    if _bytes(data) > MOST_BYTES:
        message = N_("One entry is larger than %(most)s kB. Write less at once.")
        raise Refusal("entry_too_large", message, details={"most": MOST_BYTES}, most=MOST_BYTES // 1000)
    check = _KINDS.get((task, kind))
    if check is None:
        _wrong("entry_kind_unknown", N_("A task of this kind has no entry “%(what)s”."), kind)
    return check(block, data)


def _bytes(data: Data) -> int:
    try:
        return len(json.dumps(data, ensure_ascii=False).encode())
    except RecursionError:  # nested beyond what anybody writes
        return MOST_BYTES + 1


def _say(block: Data, data: Data) -> dict[str, Any]:
    text = _text(data, "text", LONGEST_SAY)
    if not text.strip():
        _wrong("entry_empty", N_("There is nothing in “%(what)s”. Write something first."), "text")
    return {"conversation": _known(data, "conversation", [one["id"] for one in block["customers"]]), "text": text}


def _end(block: Data, data: Data) -> dict[str, Any]:
    return {"conversation": _known(data, "conversation", [one["id"] for one in block["customers"]])}


def _part(block: Data, data: Data) -> dict[str, Any]:
    return {"part": _known(data, "part", [part for part in ("text", "digits") if block.get(part)])}


def _typed(block: Data, data: Data) -> dict[str, Any]:
    return _part(block, data) | {"text": _text(data, "text", LONGEST_TEXT)}


def _mark(block: Data, data: Data) -> dict[str, Any]:
    at = exact_number(data.get("at"))
    if at is None or not 0 <= at <= Decimal(str(block["seconds"])):
        _wrong("mark_outside", N_("A mark at “%(what)s” is outside the recording."), data.get("at"))
    fault = _known(data, "fault", [one["id"] for one in block["kinds"]])
    remark = _text(data, "remark", LONGEST_REMARK) if "remark" in data else ""
    return {"id": _text(data, "id", 40), "at": str(at), "fault": fault, "remark": remark}


def _unmark(_block: Data, data: Data) -> dict[str, Any]:
    return {"id": _text(data, "id", 40)}


def _ticket(block: Data, data: Data) -> dict[str, Any]:
    fields = {field["id"]: field for field in block["fields"]}
    return _values(data, fields, _written)


def _report(block: Data, data: Data) -> dict[str, Any]:
    return _values(data, {one["id"]: one for one in block["questions"]}, _written)


def _roster(block: Data, data: Data) -> dict[str, Any]:
    shifts = ["", *(shift["id"] for shift in block["shifts"])]
    staff = {one["id"]: one for one in block["staff"]}
    return _values(data, staff, lambda person, value: _known({"shift": value}, "shift", shifts))


_KINDS: dict[tuple[str, str], Callable[[Data, Data], dict[str, Any]]] = {
    ("chat", "say"): _say,
    ("chat", "end"): _end,
    ("ticket", "values"): _ticket,
    ("typing", "part"): _part,
    ("typing", "typed"): _typed,
    ("typing", "paste"): _part,
    ("faults", "mark"): _mark,
    ("faults", "unmark"): _unmark,
    ("report", "values"): _report,
    ("roster", "values"): _roster,
}


def _values(data: Data, fields: Data, check: Callable[[Any, Any], Any]) -> dict[str, Any]:
    values = data.get("values")
    if not isinstance(values, dict) or not values:
        _wrong("entry_empty", N_("There is nothing in “%(what)s”. Write something first."), "values")
    for name in values:
        if name not in fields:
            _wrong("field_unknown", N_("This task has no field “%(what)s”."), name)
    return {"values": {name: check(fields[name], value) for name, value in values.items()}}


def _written(field: Data, value: Any) -> Any:
    options = [str(one["id"] if isinstance(one, dict) else one) for one in field.get("options") or ()]
    if field["type"] == "multiple":
        if not isinstance(value, list) or len(value) > len(options):
            _wrong("field_wrong", N_("What stands in “%(what)s” is no choice among its options."), field["id"])
        return [_known({"option": one}, "option", options) for one in value]
    if field["type"] == "choice":
        return _known({"option": value}, "option", ["", *options])
    return _text({field["id"]: value}, field["id"], LONGEST_TEXT)


def _known(data: Data, name: str, known: list[str]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or value not in known:
        _wrong("field_wrong", N_("What stands in “%(what)s” is no choice among its options."), name)
    return value


def _text(data: Data, name: str, most: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or len(value) > most:
        _wrong("text_wrong", N_("“%(what)s” must be a text of at most %(most)s characters."), name, most=most)
    return value


def _wrong(code: str, message: str, what: object, **more: Any) -> NoReturn:
    raise Refusal(code, message, details={"what": str(what)[:80]}, what=str(what)[:80], **more)
