"""The little markup of stems, options and stimuli: paragraphs, **bold**, ![pictures](name), pipe tables, ____ gaps.

Everything else in a text is text. The blocks found here are what screens and interchange formats are written from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

GAP = re.compile(r"_{4,}|＿{2,}")
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|!\[(?P<alt>[^\]]*)\]\((?P<name>[^()\s]+)\)|(?P<gap>_{4,}|＿{2,})")
_ROW = re.compile(r"\s*\|(.*)\|\s*")
_RULE = re.compile(r"\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*")


@dataclass(frozen=True)
class Words:
    text: str
    bold: bool = False


@dataclass(frozen=True)
class Picture:
    name: str
    alt: str


@dataclass(frozen=True)
class Gap:
    number: int


Inline = Words | Picture | Gap


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Table:
    """Cells hold inline text; every row is as wide as the head."""

    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Paragraph | Table


def blocks(text: str) -> tuple[Block, ...]:
    """Lines are paragraphs; a row of bars followed by a rule of hyphens begins a table."""
    lines, found, gaps = text.split("\n"), list[Block](), _Count()
    place = 0
    while place < len(lines):
        if _ROW.fullmatch(lines[place]) and place + 1 < len(lines) and _RULE.fullmatch(lines[place + 1]):
            end = place + 2
            while end < len(lines) and _ROW.fullmatch(lines[end]):
                end += 1
            found.append(_table(lines[place], lines[place + 2 : end], gaps))
            place = end
            continue
        if lines[place].strip():
            found.append(Paragraph(_inline(lines[place].strip(), gaps)))
        place += 1
    return tuple(found)


def pictures(text: str) -> tuple[str, ...]:
    """Names of the pictures a text shows, each once."""
    return tuple(dict.fromkeys(match["name"] for match in _INLINE.finditer(text) if match["name"]))


def renamed(text: str, names: dict[str, str]) -> str:
    """The same text with its pictures under other names."""

    def one(match: re.Match[str]) -> str:
        name = match["name"]
        return f"![{match['alt']}]({names.get(name, name)})" if name else match.group()

    return _INLINE.sub(one, text)


class _Count:
    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def _table(head: str, rows: list[str], gaps: _Count) -> Table:
    names = _cells(head)
    wide = len(names)
    filled = [(*_cells(row), *[""] * wide)[:wide] for row in rows]
    return Table(
        tuple(_inline(cell, gaps) for cell in names),
        tuple(tuple(_inline(cell, gaps) for cell in row) for row in filled),
    )


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _inline(text: str, gaps: _Count) -> tuple[Inline, ...]:
    return tuple(_parts(text, gaps))


def _parts(text: str, gaps: _Count) -> Iterator[Inline]:
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            yield Words(text[end : match.start()])
        if match["bold"]:
            yield Words(match["bold"], bold=True)
        elif match["gap"]:
            yield Gap(gaps.next())
        else:
            yield Picture(match["name"], match["alt"])
        end = match.end()
    if end < len(text):
        yield Words(text[end:])
