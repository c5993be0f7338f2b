"""Tables for the terminal, in which a Chinese character takes two places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width


def width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * size for size in widths])
    return "\n".join(
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
