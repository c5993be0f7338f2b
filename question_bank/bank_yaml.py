"""One bank file in YAML, read with the line of every fault, and written so that it reads back the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from app.core.errors import N_, Refusal
from app.schemes.reading import Marked, Path, Problem, read_marked
from app.schemes.scheme import scheme
from question_bank import item_shape as shape
from question_bank.bank_item import BankItem
from question_bank.file_problems import FileProblem
from question_bank.item_text import pictures
from question_bank.item_types import ITEM_TYPES
from question_bank.stimuli import MOST_BYTES, PICTURES, SOUNDS, Media, Stimulus


@dataclass
class FileContent:
    """What stands in a file: right items with their lines, every code with its line, and what is wrong."""

    items: list[tuple[BankItem, int]] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)


Fetch = Callable[[str], bytes | None]
"""The bytes of a picture or a sound that stands beside the file; None when there is none of this name."""


def _nothing(name: str) -> bytes | None:
    return None


def read_yaml(text: str, file: str, fetch: Fetch = _nothing) -> FileContent:
    """Items with a fault are left out."""
    try:
        marked = read_marked(text)
    except RecursionError:
        return FileContent(problems=[FileProblem(file, 1, N_("The file nests too deeply to be a bank file."))])
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

    def report(self, path: Path, item: str, name: str, message: str, **params: Any) -> None:
        line = self.marked.line_of((*path, *name.split(".")))
        problem = FileProblem(self.file, line, message, params, item, name)
        if problem not in self.found.problems:
            self.found.problems.append(problem)

    def read(self) -> None:
        data = self.marked.data
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            self.report((), "", "items", N_("A bank file has a head and a list named “items”; here is none."))
            return
        for name in data:
            if name not in (*shape.HEADER, "stimuli", "items"):
                self.report((), "", name, N_("A bank file's head has no field of this name; check its spelling."))
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

            def report(name: str, message: str, path: Path = path, code: str = code, **params: Any) -> None:
                self.report(path, code, name, message, **params)

            for name in entry:
                if name not in shape.STIMULUS_FIELDS:
                    report(name, N_("A stimulus has no field of this name; check its spelling."))
            shown = {"text": entry.get("text")}
            media = self.media(shown, PICTURES, report)
            if isinstance(entry.get("audio"), str) and entry["audio"].strip():
                media |= self.one_media(entry["audio"].strip(), "audio", SOUNDS, report)
            if code in self.stimuli:
                report("id", N_("Another stimulus of this file has the same id; give each its own."))
            self.stimuli[code] = shape.stimulus(entry, media, report)

    def media(self, texts: Mapping[str, Any], kinds: Set[str], report: shape.Report) -> dict[str, Media]:
        found: dict[str, Media] = {}
        for field_name, text in texts.items():
            for name in pictures(text) if isinstance(text, str) else ():
                found |= self.one_media(name, field_name, kinds, report)
        return found

    def one_media(self, name: str, field_name: str, kinds: Set[str], report: shape.Report) -> dict[str, Media]:
        content = self.fetch(name)
        if content is None:
            report(field_name, N_("There is no file %(name)s beside this one."), name=name)
        elif len(content) > MOST_BYTES:
            message = N_("%(name)s is larger than %(most)s MB; make it smaller.")
            report(field_name, message, name=name, most=MOST_BYTES // 2**20)
        elif (media := Media(name, content)).type not in kinds:
            message = N_("%(name)s is not of a kind that can be used here: %(kinds)s.")
            report(field_name, message, name=name, kinds=", ".join(sorted(kinds)))
        else:
            return {name: media}
        return {}

    def item(self, head: Mapping[str, Any], entry: Mapping[str, Any], path: Path) -> tuple[BankItem, bool]:
        wrong: set[str] = set()
        code = entry["id"] if isinstance(entry.get("id"), str) else ""

        def report(name: str, message: str, **params: Any) -> None:
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
        item = shape.item({**head, **entry}, report, shared, self.media(texts, PICTURES, report))
        if not wrong & {"scheme", "level", "row", "content"}:
            _place_problems(item, report)
        if not wrong & {"type", "options"}:
            _content_problems(item, report)
        return item, not wrong


def _place_problems(item: BankItem, report: shape.Report) -> None:
    """The scheme knows the level, the level the row, the row the work content."""
    name = "scheme"
    try:
        known = scheme(item.scheme)
        name = "level"
        level = known.level(item.level)
        name = "row"
        row = level.theory.row(item.row)
    except Refusal as refusal:
        report(name, refusal.message, **refusal.params)
        return
    if item.level != level.code:
        report("level", N_("Write the level by its code, %(code)s."), code=level.code)
    if item.content not in row.contents:
        message = N_("Row %(row)s covers %(known)s at this level, not “%(content)s”.")
        report("content", message, row=row.no, known="、".join(row.contents), content=item.content)


def _content_problems(item: BankItem, report: shape.Report) -> None:
    if item.type not in ITEM_TYPES:
        message = N_("There is no item type “%(type)s”. Use one of: %(known)s.")
        report("type", message, type=item.type, known=", ".join(ITEM_TYPES))
        return
    for problem in ITEM_TYPES[item.type].content_problems(item.shown()):
        report(problem.field, problem.message, **problem.params)
    if item.id in item.enemies:
        report("enemies", N_("An item cannot be its own enemy."))


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
    stimuli = {item.stimulus.id: item.stimulus for item in listed if item.stimulus}
    told = {"stimuli": [_stimulus(stimuli[code]) for code in sorted(stimuli)]} if stimuli else {}
    body = {**shared, **told, "items": [_entry(item, shared) for item in listed]}
    return yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _entry(item: BankItem, shared: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": item.id, "type": item.type}
    entry |= {name: getattr(item, name) for name in shape.HEADER if name not in shared}
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
