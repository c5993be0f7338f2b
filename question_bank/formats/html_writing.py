"""Our small markup as HTML that is also XML: paragraphs, bold words, tables, pictures, gaps."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from question_bank.item_text import Gap, Inline, Paragraph, Picture, Table, blocks

Source = Callable[[str], str]
"""Where the picture of this name is to be found, as written in `src`."""
GapWriter = Callable[[int], str]


def plain_gap(number: int) -> str:
    return "____"


def to_html(text: str, source: Source, gap: GapWriter = plain_gap) -> str:
    """Blocks one after the other."""
    return "".join(
        f"<p>{_inline(block.parts, source, gap)}</p>" if isinstance(block, Paragraph) else _table(block, source, gap)
        for block in blocks(text)
    )


def to_inline(text: str, source: Source, gap: GapWriter = plain_gap) -> str:
    """Without a paragraph around it where there is only one."""
    found = blocks(text)
    if len(found) == 1 and isinstance(found[0], Paragraph):
        return _inline(found[0].parts, source, gap)
    return to_html(text, source, gap)


def is_plain(text: str) -> bool:
    """Whether a text is words and line breaks and nothing else."""
    return all(
        isinstance(block, Paragraph) and all(not isinstance(part, Picture) and not _bold(part) for part in block.parts)
        for block in blocks(text)
    )


def _bold(part: Inline) -> bool:
    return not isinstance(part, Picture | Gap) and part.bold


def _inline(parts: tuple[Inline, ...], source: Source, gap: GapWriter) -> str:
    return "".join(_part(part, source, gap) for part in parts)


def _part(part: Inline, source: Source, gap: GapWriter) -> str:
    if isinstance(part, Picture):
        return f'<img src="{escape(source(part.name))}" alt="{escape(part.alt)}"/>'
    if isinstance(part, Gap):
        return gap(part.number)
    words = escape(part.text, quote=False)
    return f"<strong>{words}</strong>" if part.bold else words


def _table(table: Table, source: Source, gap: GapWriter) -> str:
    def row(cells: tuple[tuple[Inline, ...], ...], name: str) -> str:
        return "".join(("<tr>", *(f"<{name}>{_inline(cell, source, gap)}</{name}>" for cell in cells), "</tr>"))

    rows = [row(table.head, "th"), *(row(cells, "td") for cells in table.rows)]
    return f"<table><tbody>{''.join(rows)}</tbody></table>"
