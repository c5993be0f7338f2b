"""One bank file in YAML, read with the line of every fault, and written so that it reads back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from app.core.errors import N_
from app.schemes.reading import Marked, Path, Problem, read_marked
from question_bank import item_shape as shape
from question_bank.bank_item import EXAM, BankItem
from question_bank.file_problems import FileProblem
from question_bank.item_checks import content_problems, place_problems
from question_bank.media_files import Fetch, nothing, one_media, shown_media
from question_bank.stimuli import SOUNDS, Stimulus
from question_bank.yaml_depth import too_deep

MOST_ITEMS = 50_000
MOST_PARTS = 1_500_000
"""Lines, lists and entries: about thirty for each item, so that a file of nothing else cannot fill the memory."""
TOO_MANY = N_("The file holds more than %(most)s items; split it.")


@dataclass
class FileContent:
    """What stands in a file: right items with their lines, every code with its line, and what is wrong."""

    items: list[tuple[BankItem, int]] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)


def read_yaml(text: str, file: str, fetch: Fetch = nothing) -> FileContent:
    """Items with a fault are left out."""
    if line := too_deep(text):
        return FileContent(problems=[FileProblem(file, line, N_("The file nests too deeply to be a bank file."))])
    if sum(text.count(sign) for sign in "\n,[{") > MOST_PARTS:
        return FileContent(problems=[FileProblem(file, 1, TOO_MANY, {"most": MOST_ITEMS})])
    marked = read_marked(text)
    if marked.problems:
        return FileContent(problems=[_not_yaml(one, marked, file) for one in marked.problems])
    reader = _File(file, marked, fetch)
    reader.read()
    return reader.found


def _not_yaml(problem: Problem, marked: Marked, file: str) -> FileProblem:
    line = problem.line or marked.line_of(problem.path)
    name = ".".join(map(str, problem.path)) or "(file)"
    params = {**problem.params, "file": file, "line": line, "field": name}
    return FileProblem(file, line, problem.message, params, "", name)


class _File:
    def __init__(self, file: str, marked: Marked, fetch: Fetch) -> None:
        self.file, self.marked, self.fetch = file, marked, fetch
        self.found = FileContent()
        self.stimuli: dict[str, Stimulus] = {}
        self.told: set[tuple[object, ...]] = set()

    def report(self, path: Path, item: str, name: str, message: str, /, **params: Any) -> None:
        line = self.marked.line_of((*path, *name.split(".")))
        told = (line, item, name, message, repr(params))
        if told not in self.told:
            self.told.add(told)
            self.found.problems.append(FileProblem(self.file, line, message, params, item, name))

    def read(self) -> None:
        data = self.marked.data
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            self.report((), "", "items", N_("A bank file has a head and a list named “items”; here is none."))
            return
        for name in data:
            if name not in (*shape.HEADER, "stimuli", "items"):
                self.report((), "", name, N_("A bank file's head has no field of this name; check its spelling."))
        if len(data["items"]) > MOST_ITEMS:
            self.report((), "", "items", TOO_MANY, most=MOST_ITEMS)
            return
        self.read_stimuli(data.get("stimuli") or [])
        head = {name: data[name] for name in shape.HEADER if name in data}
        for place, entry in enumerate(data["items"]):
            path = ("items", place)
            if not isinstance(entry, dict):
                self.report(path, "", "", N_("An item is a list of fields, beginning with its id."))
                continue
            item, right = self.item(head, entry, path)
            line = self.marked.line_of(path)
            if item.id:
                self.found.codes.append((item.id, line))
            if right:
                self.found.items.append((item, line))

    def read_stimuli(self, entries: Any) -> None:
        for place, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            path: Path = ("stimuli", place) if isinstance(entries, list) else ("stimuli",)
            if not isinstance(entry, dict):
                self.report(path, "", "", N_("A stimulus is a list of fields, beginning with its id."))
                continue
            code = entry["id"] if isinstance(entry.get("id"), str) else ""

            def report(name: str, message: str, /, path: Path = path, code: str = code, **params: Any) -> None:
                self.report(path, code, name, message, **params)

            for name in entry:
                if name not in shape.STIMULUS_FIELDS:
                    report(name, N_("A stimulus has no field of this name; check its spelling."))
            shown = {"text": entry.get("text")}
            media = shown_media(shown, self.fetch, report)
            if isinstance(entry.get("audio"), str) and entry["audio"].strip():
                media |= one_media(entry["audio"].strip(), "audio", SOUNDS, self.fetch, report)
            if code in self.stimuli:
                report("id", N_("Another stimulus of this file has the same id; give each its own."))
            self.stimuli[code] = shape.stimulus(entry, media, report)

    def item(self, head: Mapping[str, Any], entry: Mapping[str, Any], path: Path) -> tuple[BankItem, bool]:
        wrong: set[str] = set()
        code = entry["id"] if isinstance(entry.get("id"), str) else ""

        def report(name: str, message: str, /, **params: Any) -> None:
            """Only the first about each field, for what follows from it helps nobody; the head's own once, there."""
            root = name.partition(".")[0]
            if root not in wrong or "." in name:
                inherited = root in head and root not in entry
                self.report(() if inherited else path, "" if inherited else code, name, message, **params)
            wrong.add(root)

        for name in entry:
            if name not in shape.FIELDS:
                report(name, N_("An item has no field of this name; check its spelling."))
        shared = None
        if entry.get("stimulus") is not None:
            shared = self.stimuli.get(str(entry["stimulus"]))
            if shared is None:
                report("stimulus", N_("No stimulus of this id stands in the file's list “stimuli”."))
        options = entry["options"] if isinstance(entry.get("options"), dict) else {}
        texts = {"stem": entry.get("stem"), **{f"options.{one}": words for one, words in options.items()}}
        item = shape.item({**head, **entry}, report, shared, shown_media(texts, self.fetch, report))
        if not wrong & {"scheme", "level", "row", "content"}:
            place_problems(item, report)
        if not wrong & {"type", "options"}:
            content_problems(item, report)
        return item, not wrong


class _Dumper(yaml.SafeDumper):
    """Items set in from their list; lists of codes in brackets; figures as written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


class _Codes(list[str]):
    """A list written in brackets on one line."""


_Dumper.add_representer(_Codes, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True))
_Dumper.add_representer(
    Decimal, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:float", _plain_figure(data))
)


def write_yaml(items: Iterable[BankItem]) -> str:
    """What all items share goes to the head, the rest to each item."""
    listed = sorted(items, key=lambda item: item.id)
    shared = {name: getattr(listed[0], name) for name in shape.HEADER if len({getattr(i, name) for i in listed}) == 1}
    if shared.get("use") == EXAM:
        del shared["use"]
    stimuli = {item.stimulus.id: item.stimulus for item in listed if item.stimulus}
    told = {"stimuli": [_stimulus(stimuli[code]) for code in sorted(stimuli)]} if stimuli else {}
    body = {**shared, **told, "items": [_entry(item, shared) for item in listed]}
    return yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _entry(item: BankItem, shared: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": item.id, "type": item.type}
    entry |= {name: getattr(item, name) for name in shape.HEADER if name not in shared}
    if entry.get("use") == EXAM:  # goes without saying
        del entry["use"]
    entry |= {"point": item.point, "difficulty": item.difficulty, "seconds": item.seconds}
    if item.case:
        entry["case"] = True
    if item.stimulus:
        entry["stimulus"] = item.stimulus.id
    entry["stem"] = item.stem
    if item.options:
        entry["options"] = dict(item.options)
    if item.key:
        entry["key"] = _Codes(item.stored_key())
    entry["rationale"] = item.rationale
    if item.feedback:
        entry["feedback"] = dict(item.feedback)
    if item.criteria:
        entry["criteria"] = [{"text": one.text, "points": one.points} for one in item.criteria]
    entry["source"] = item.source
    if item.enemies:
        entry["enemies"] = _Codes(sorted(item.enemies))
    return entry


def _stimulus(one: Stimulus) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "title": one.title}
    if one.text:
        entry["text"] = one.text
    if one.audio:
        entry |= {"audio": one.audio, "plays": one.plays}
    return entry


def _plain_figure(value: Decimal) -> str:
    """Difficulties with two decimals, or three where they need them; points as they are."""
    if value >= 1:
        return format(value, "f")
    plain = format(value, ".3f")
    return plain[:-1] if plain.endswith("0") else plain
