"""What stands on a paper of the practical, as values: the PDF and the workbook are both drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[str]


@dataclass(frozen=True)
class Facts:
    """Names and what they name, two pairs to a line."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the line. Empty cells wait for a pen."""

    head: Row
    rows: Sequence[Row]
    widths: Sequence[float]
    title: str = ""
    high: bool = False
    """Rows with room for a signature."""


@dataclass(frozen=True)
class Lines:
    """Paragraphs under an optional heading."""

    texts: Sequence[str]
    title: str = ""
    size: float = 8.5


@dataclass(frozen=True)
class Room:
    """Empty lines to write on by hand."""

    title: str
    lines: int = 3


@dataclass(frozen=True)
class Signatures:
    """Who signs, in which office; name and office in print, the rest by hand."""

    people: Sequence[tuple[str, str]]
    title: str = ""


Block = Facts | Table | Lines | Room | Signatures


@dataclass(frozen=True)
class Slip:
    """Blocks that stay together on one page, with a line to cut along below."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Leaf:
    """Begins on a page of its own; a worksheet of its own in a workbook."""

    name: str
    """Of the worksheet."""
    title: str
    blocks: Sequence[Block | Slip]
    lead: str = ""
    warning: str = ""
    """In red: who may not see it."""


@dataclass(frozen=True)
class Paper:
    """`session` is the line at the foot of every page."""

    title: str
    title_en: str
    session: str
    leaves: Sequence[Leaf]
    demonstration: bool = False
