"""Writes a paper of the practical as a workbook: one worksheet for each leaf, ready to print on A4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format

from certificates.papers.practical import wording
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Room, Signatures, Slip, Table
from question_bank.formats.excel_book import Book, Sheet, new_book

LINE = 92
"""Characters over the whole line."""
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FIGURE = re.compile(r"[1-9][0-9]{0,9}|0")


def write(paper: Paper) -> bytes:
    with new_book() as (book, content):
        book.workbook.set_properties({"title": paper.title, "subject": paper.title_en})
        looks, taken = Looks.of(book), set[str]()
        for leaf in paper.leaves:
            Writer(book, book.sheet(name_of(leaf.name, taken)), looks).leaf(paper, leaf)
    return content()


def name_of(wanted: str, taken: set[str]) -> str:
    """What Excel takes as the name of a worksheet, each once."""
    plain = _FORBIDDEN.sub(" ", wanted).strip(" '") or "1"
    name, number = plain[:LONGEST_NAME], 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name


@dataclass(frozen=True)
class Looks:
    """Of lines that run over the edge of their cell; always text, whatever they begin with."""

    line: Format
    title: Format
    loud: Format

    @classmethod
    def of(cls, book: Book) -> Looks:
        text = {"num_format": "@", "quote_prefix": True}
        add = book.workbook.add_format
        return cls(
            add(text),
            add({**text, "bold": True, "font_size": 13}),
            add({**text, "bold": True, "font_color": "#99191C"}),
        )


class Writer:
    """Where the next row of one worksheet goes."""

    def __init__(self, book: Book, sheet: Sheet, looks: Looks) -> None:
        self.book, self.sheet, self.looks = book, sheet, looks
        self.row = 0
        self.wide: dict[int, float] = {}

    def leaf(self, paper: Paper, leaf: Leaf) -> None:
        self._line(leaf.title or paper.title, self.looks.title)
        self._line(paper.title_en)
        self._line(paper.session)
        for text in (wording.DEMONSTRATION if paper.demonstration else "", leaf.warning):
            if text:
                self._line(text, self.looks.loud)
        if leaf.lead:
            self._line(leaf.lead)
        for block in leaf.blocks:
            self.row += 1
            if isinstance(block, Slip):
                self._line(block.title, self.looks.title)
                for inner in block.blocks:
                    self._block(inner)
            else:
                self._block(block)
        self._finish()

    def _block(self, block: Block) -> None:
        match block:
            case Facts(pairs):
                for name, value in pairs:
                    self.sheet.write_string(self.row, 0, name, self.book.head)
                    self.book.put(self.sheet, self.row, 1, value)
                    self.row += 1
                self._reach((4, 7))
            case Table(head, rows, widths, title):
                self._heading(title)
                self._table(head, rows or [(wording.NONE,)], widths)
            case Lines(texts, title):
                self._heading(title)
                for text in texts or (wording.NONE,):
                    self._line(text)
            case Room(title, lines):
                self._heading(title)
                self.row += lines
            case Signatures(people, title):
                self._heading(title or wording.SIGNATURES)
                self._table(wording.SIGN, [(office, name, "", "") for office, name in people], (3, 3, 4, 3))

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        for column, name in enumerate(head):
            self.sheet.write_string(self.row, column, name, self.book.head)
        for row in rows:
            self.row += 1
            for column, cell in enumerate(row):
                value = int(cell) if _FIGURE.fullmatch(cell) else cell
                self.book.put(self.sheet, self.row, column, value)
        self.row += 1
        self._reach(widths)

    def _reach(self, widths: Sequence[float]) -> None:
        for column, share in enumerate(widths):
            self.wide[column] = max(self.wide.get(column, 0), LINE * share / sum(widths))

    def _heading(self, title: str) -> None:
        if title:
            self.row += 1
            self._line(title, self.looks.title)

    def _line(self, text: str, look: Format | None = None) -> None:
        for part in text.splitlines() or [""]:
            self.sheet.write_string(self.row, 0, part, look or self.looks.line)
            self.row += 1

    def _finish(self) -> None:
        for column, wide in self.wide.items():
            self.sheet.set_column(column, column, min(60, max(6, wide)))
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_landscape()
        self.sheet.set_footer("&L&8&A&R&8&P / &N")
