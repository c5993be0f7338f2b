"""What passes between the formats and the bank."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.file_problems import FileProblem
from question_bank.stimuli import Media, Stimulus


class Standing(NamedTuple):
    """A code, and where it stands."""

    code: str
    file: str
    line: int
    sheet: str = ""
    column: str = ""


MOST_ITEMS = 50_000
"""In one file, of whatever format; as many as rows in a sheet."""
DIFFICULTY = Decimal("0.65")
"""Assumed where a file gives none, and told."""


@dataclass(frozen=True)
class Defaults:
    """What files of other tools do not say; empty where the user did not say it either."""

    scheme: str = ""
    level: str = ""
    row: str = ""
    content: str = ""
    prefix: str = ""

    def fields(self) -> dict[str, str]:
        told = {"scheme": self.scheme, "level": self.level, "row": self.row, "content": self.content}
        return {name: value for name, value in told.items() if value}


NOTHING_SAID = Defaults()


@dataclass(frozen=True)
class Loss:
    """Something of one item that a file cannot carry or we cannot read. `message` is a msgid with its params."""

    item: str
    field: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    file: str = ""
    line: int = 0

    def place(self) -> dict[str, Any]:
        return {"file": self.file or None, "line": self.line or None, "item": self.item or None, "field": self.field}


@dataclass(frozen=True)
class FoundItem:
    """An item and where it stands. `notes` say what is missing; only a draft may miss anything."""

    item: BankItem
    file: str
    line: int
    notes: tuple[FileProblem, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.notes


@dataclass(frozen=True)
class Found:
    """Everything that stands in one file."""

    items: tuple[FoundItem, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    losses: tuple[Loss, ...] = ()
    codes: tuple[Standing, ...] = ()
    """Those of wrong items too."""


@dataclass
class Entry:
    """One item as a reader found it: fields as in a bank file of ours, as far as there are any."""

    file: str
    line: int
    given: dict[str, Any] = dataclasses.field(default_factory=dict)
    media: dict[str, Media] = dataclasses.field(default_factory=dict)
    stimulus: Stimulus | None = None
    name: str = ""
    """What the other tool calls the item; an id is made of it where `given` has none."""
    sheet: str = ""
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Field → letter of its column in a sheet."""
    losses: list[Loss] = dataclasses.field(default_factory=list)
    problems: list[FileProblem] = dataclasses.field(default_factory=list)

    def lose(self, name: str, message: str, /, **params: Any) -> None:
        one = Loss("", name, message, params, self.file, self.line)
        if one not in self.losses:
            self.losses.append(one)


@dataclass
class Entries:
    """What a reader hands on."""

    items: list[Entry] = dataclasses.field(default_factory=list)
    problems: list[FileProblem] = dataclasses.field(default_factory=list)
    losses: list[Loss] = dataclasses.field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self._make_room(len(self.items), entry.line)
        self.items.append(entry)

    def leave_out(self, loss: Loss) -> None:
        self._make_room(len(self.losses), loss.line or 1)
        self.losses.append(loss)

    def _make_room(self, taken: int, line: int) -> None:
        if taken >= MOST_ITEMS:
            raise Unreadable(N_("The file holds more than %(most)s items; split it."), line, most=MOST_ITEMS)


@dataclass(frozen=True)
class Written:
    """A finished file, ready to be sent or kept."""

    name: str
    content: bytes = dataclasses.field(repr=False)
    losses: tuple[Loss, ...] = ()


class Unreadable(Exception):
    """A whole file, or a part of it, that cannot be read; the reader knows the file's name."""

    def __init__(self, message: str, line: int = 1, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message, self.line, self.params = message, line, params

    def problem(self, file: str) -> FileProblem:
        return FileProblem(file, self.line, self.message, self.params)
