"""From entries to items, the same way for every format: ids given where none are, places filled in, all checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from app.core.errors import N_, Refusal
from app.schemes.scheme import scheme
from question_bank import item_shape as shape
from question_bank.file_problems import FileProblem
from question_bank.formats.values import DIFFICULTY, Defaults, Entries, Entry, Found, FoundItem, Standing
from question_bank.item_checks import content_problems, place_problems
from question_bank.item_types import ITEM_TYPES
from question_bank.progress import SILENT, Progress

_NOT_CODE = re.compile(r"[^A-Za-z0-9._-]+")
_PLACE = {"scheme", "level", "row", "content"}
_STEPS = 500


def take_in(entries: Entries, defaults: Defaults, prefix: str, progress: Progress = SILENT) -> Found:
    """`prefix` begins the ids of items whose names give none."""
    _name(entries.items, defaults.prefix or code_from(prefix) or "Q")
    found: list[FoundItem] = []
    problems, losses = list(entries.problems), list(entries.losses)
    progress.begin(N_("Checking items"), len(entries.items))
    for count, entry in enumerate(entries.items, 1):
        item, wrong = _item(entry, defaults)
        problems += wrong
        losses += [replace(loss, item=entry.given["id"]) for loss in entry.losses]
        if item:
            found.append(item)
        if not count % _STEPS:
            progress.advance(_STEPS)
    progress.advance(len(entries.items) % _STEPS)
    codes = tuple(
        Standing(str(one.given["id"]), one.file, one.line, one.sheet, one.columns.get("id", ""))
        for one in entries.items
    )
    return Found(tuple(found), tuple(problems), tuple(losses), codes)


def code_from(name: str) -> str:
    """A code as near to a name as codes allow; empty where nothing is left of it."""
    plain = _NOT_CODE.sub("-", normalize("NFKC", name)).strip("-._")[:60].rstrip("-._")
    return plain if any(sign.isalnum() for sign in plain) else ""


def _name(entries: Sequence[Entry], prefix: str) -> None:
    """Ids of the file stand; names that can be ids become them; the rest is numbered."""
    taken = {str(entry.given["id"]) for entry in entries if entry.given.get("id")}
    number = 0
    for entry in entries:
        if entry.given.get("id"):
            continue
        code = entry.name if shape.is_code(entry.name) else code_from(entry.name)
        while not code or code in taken:
            number += 1
            code = f"{prefix}-{number:04d}"
        if code != entry.name:
            entry.lose("id", N_("The file gives no code that can be used; the item is called %(code)s."), code=code)
        taken.add(code)
        entry.given["id"] = code


def _item(entry: Entry, defaults: Defaults) -> tuple[FoundItem | None, list[FileProblem]]:
    given = {**defaults.fields(), **entry.given}
    if "difficulty" not in given:
        given["difficulty"] = DIFFICULTY
        entry.lose("difficulty", N_("No difficulty is given; %(figure)s is assumed."), figure=DIFFICULTY)
    _name_level(given)
    needed = shape.NEEDED if given.get("type") == "open" else (*shape.NEEDED, "key")
    missing = [name for name in needed if name not in given and name not in shape.OPTIONAL]
    notes: list[FileProblem] = []
    problems: list[FileProblem] = list(entry.problems)
    wrong = {one.field.partition(".")[0] for one in problems}

    def report(name: str, message: str, /, **params: Any) -> None:
        """Only the first about each field, for what follows from it helps nobody."""
        root = name.partition(".")[0]
        if root in missing or (root in wrong and "." not in name):
            return
        wrong.add(root)
        problems.append(_problem(entry, name, message, params))

    item = shape.item(given, report, entry.stimulus, entry.media)
    notes += [_problem(entry, name, N_("This field is missing; add it."), {}) for name in missing]
    if not (wrong | set(missing)) & _PLACE:
        place_problems(item, report)
    hopeless = bool(problems)
    if not (wrong | set(missing)) & {"type", "options"}:
        content_problems(item, report)
    if hopeless or item.type not in ITEM_TYPES:
        return None, [*problems, *notes]
    return FoundItem(item, entry.file, entry.line, (*notes, *problems)), []


def _name_level(given: dict[str, Any]) -> None:
    """A level may be written by its name, as people do in sheets."""
    if isinstance(given.get("scheme"), str) and isinstance(given.get("level"), str):
        with suppress(Refusal):
            given["level"] = scheme(given["scheme"]).level(given["level"]).code


def _problem(entry: Entry, name: str, message: str, params: dict[str, Any]) -> FileProblem:
    column = entry.columns.get(name) or entry.columns.get(name.partition(".")[0], "")
    item = str(entry.given.get("id", ""))
    return FileProblem(entry.file, entry.line, message, params, item, name, entry.sheet, column)
