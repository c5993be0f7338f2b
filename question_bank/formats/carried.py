"""Fields that other formats have no place for, as words: written where there is room, read back from there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from question_bank.bank_item import PRACTICE, BankItem

T = TypeVar("T")
PLACED = ("scheme", "level", "row", "content", "point", "source", "author", "reviewer", "status")
FIELDS = (*PLACED, "difficulty", "seconds", "case", "enemies", "use")
EXACT = "exact"
"""Values that a reader of the format would find a little different, beside what it would find."""


def told(item: BankItem) -> dict[str, str]:
    """Field → words, for every field that says anything."""
    words = {name: getattr(item, name) for name in PLACED if getattr(item, name)}
    words |= {"difficulty": str(item.difficulty), "seconds": str(item.seconds)}
    if item.case:
        words["case"] = "true"
    if item.enemies:
        words["enemies"] = " ".join(sorted(item.enemies))
    if item.use == PRACTICE:
        words["use"] = item.use
    return words


def given(words: Mapping[str, str]) -> dict[str, Any]:
    """The fields again; a figure that is none stays words and is judged with all others."""
    found: dict[str, Any] = {name: words[name] for name in PLACED if name in words}
    if "difficulty" in words:
        found["difficulty"] = _decimal(words["difficulty"])
    if "seconds" in words:
        found["seconds"] = int(words["seconds"]) if _figure(words["seconds"]) else words["seconds"]
    if "case" in words:
        found["case"] = words["case"] == "true"
    if words.get("use"):
        found["use"] = words["use"]
    if words.get("enemies"):
        found["enemies"] = words["enemies"].split()
    return found


def exact_words(meant: Mapping[str, Any], read: Mapping[str, Any]) -> str:
    """What must travel along so that `read`, which the format gives back, becomes `meant`; "" for nothing."""
    differing = {
        name: [_mark(read.get(name)), value] for name, value in meant.items() if _plain(read.get(name)) != _plain(value)
    }
    differing |= {name: [_mark(value), None] for name, value in read.items() if name not in meant}
    return json.dumps(differing, ensure_ascii=False, sort_keys=True, default=str) if differing else ""


def made_exact(read: dict[str, Any], words: str) -> dict[str, Any]:
    """Puts the exact values in, except where another tool has changed what they belong to."""
    try:
        exact = json.loads(words)
    except (ValueError, RecursionError):
        return read
    for name, pair in exact.items() if isinstance(exact, dict) else ():
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] != _mark(read.get(name)):
            continue
        if pair[1] is None:
            read.pop(name, None)
        else:
            read[name] = _points_as_figures(pair[1]) if name == "criteria" else pair[1]
    return read


def meant(item: BankItem) -> dict[str, Any]:
    """The fields that a format writes in its own way, as a reader should find them."""
    fields: dict[str, Any] = {"id": item.id, "type": item.type, "stem": item.stem, "rationale": item.rationale}
    if item.options:
        fields["options"] = dict(item.options)
    if item.key:
        fields["key"] = item.stored_key()
    if item.feedback:
        fields["feedback"] = dict(item.feedback)
    if item.criteria:
        fields["criteria"] = [{"text": one.text, "points": one.points} for one in item.criteria]
    if item.stimulus:
        one = item.stimulus
        told_of = {"id": one.id, "title": one.title, "text": one.text, "audio": one.audio}
        fields |= {f"stimulus_{name}": value for name, value in told_of.items() if value}
        fields |= {"stimulus_plays": one.plays} if one.audio else {}
    return fields


def with_exact(
    words: dict[str, str],
    wanted: Mapping[str, Any],
    render: Callable[[dict[str, str]], T],
    read: Callable[[T], Mapping[str, Any]],
) -> T:
    """Written once, read back, and written again with what reading it changed."""
    written = render(words)
    exact = exact_words(wanted, {name: value for name, value in read(written).items() if name not in FIELDS})
    return render({**words, EXACT: exact}) if exact else written


def without_stimulus(fields: Mapping[str, Any]) -> dict[str, Any]:
    """For formats that write a stimulus once, on its own."""
    return {name: value for name, value in fields.items() if not name.startswith("stimulus_")}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda one: str(one.normalize() + 0)))


def _mark(value: Any) -> str:
    state = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _points_as_figures(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {**one, "points": _decimal(str(one["points"]))} if isinstance(one, dict) and "points" in one else one
        for one in value
    ]


def _decimal(words: str) -> Any:
    try:
        return Decimal(words)
    except InvalidOperation:
        return words


def _figure(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) < 10
