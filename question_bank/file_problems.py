"""What is wrong with files handed to the bank, every problem with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import N_, Refusal


@dataclass(frozen=True)
class FileProblem:
    """`message` is a msgid with its params; the layer that knows the reader's language renders it."""

    file: str
    line: int
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    item: str = ""
    field: str = ""
    sheet: str = ""
    """In a workbook, whose rows are the lines."""
    column: str = ""

    def place(self) -> dict[str, Any]:
        sheet = {"sheet": self.sheet, "column": self.column or None} if self.sheet else {}
        place = {"file": self.file, "line": self.line, "item": self.item or None, "field": self.field or None}
        return {**place, **sheet}


class BankInvalid(Refusal):
    """Refuses all files for the problems of any; `problems` keeps the sentences translatable."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line))
        first = self.problems[0]
        message = N_(
            "Nothing was imported: %(count)s problems in %(files)s files, the first in %(file)s, line %(line)s."
        )
        listed = [{**one.place(), "reason": one.message % one.params} for one in self.problems]
        super().__init__(
            "bank_invalid", message, details={"problems": listed}, count=len(listed),
            files=len({one.file for one in problems}), file=first.file, line=first.line,
        )  # fmt: skip
