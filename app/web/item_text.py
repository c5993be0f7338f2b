"""Texts of items and materials as HTML, escaped here and nowhere else.

Templates: `{{ text|item_text(media, gap) }}` for the body of something, `{{ text|item_line(media, gap) }}` inside a
line such as a label; `media` says where each picture is found, `gap` is a macro that makes the field of a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from question_bank.item_text import Block, Gap, Inline, Paragraph, Picture, Table, Words, blocks
from question_bank.item_types import ITEM_TYPES

Media = Mapping[str, str]
GapField = Callable[[int], Markup]
Cell = tuple[Inline, ...]
NONE: Media = MappingProxyType({})
_NUMBER = re.compile(r"[-+−]?[¥￥$]?\s?\d[\d,]*(?:\.\d+)?\s*(?:%|‰|秒|分|分钟|小时|天|人|次|个|条|件|元|万元)?")
_parsed = lru_cache(maxsize=50_000)(blocks)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(item_text=item_text, item_line=item_line, item_type=item_type)
    app.jinja_env.tests.update(one_line=is_one_line, in_digits=str.isdecimal)


def item_type(code: str) -> str:
    return _(ITEM_TYPES[code].name) if code in ITEM_TYPES else code


def is_one_line(text: str) -> bool:
    """Nothing but words, so that it may stand in a legend or a label."""
    found = _parsed(text)
    return len(found) <= 1 and all(isinstance(one, Paragraph) and _all_words(one.parts) for one in found)


def item_text(text: str, media: Media | None = None, gap: GapField | None = None) -> Markup:
    return _body(text, media, gap) if media or gap else _alike(text, str(get_locale()))


@lru_cache(maxsize=5_000)
def _alike(text: str, _language: str) -> Markup:
    """What has neither pictures nor fields looks the same for everybody."""
    return _body(text, None, None)


def _body(text: str, media: Media | None, gap: GapField | None) -> Markup:
    found, said = Markup(""), ""
    for block in _parsed(text):
        if isinstance(block, Paragraph):
            words = _inline(block.parts, media or NONE, gap)
            found += Markup("<p>{}</p>").format(words)
            said = _said(block.parts)
        else:
            found += _table(block, media or NONE, gap, said)
    return found


def item_line(text: str, media: Media | None = None, gap: GapField | None = None) -> Markup:
    lines = [line for block in _parsed(text) for line in _lines(block)]
    return Markup("<br>").join(_inline(line, media or NONE, gap) for line in lines)


def _lines(block: Block) -> Iterable[Sequence[Inline]]:
    if isinstance(block, Paragraph):
        return [block.parts]
    between = Words(" | ")
    return [[part for cell in row for part in (*cell, between)][:-1] for row in (block.head, *block.rows)]


def _inline(parts: Sequence[Inline], media: Media, gap: GapField | None) -> Markup:
    return Markup("").join(_part(one, media, gap) for one in parts)


def _part(one: Inline, media: Media, gap: GapField | None) -> Markup:
    if isinstance(one, Words):
        return Markup("<strong>{}</strong>").format(one.text) if one.bold else escape(one.text)
    if isinstance(one, Picture):
        if one.name not in media:
            return Markup('<span class="picture-missing">[{}]</span>').format(one.alt or one.name)
        return Markup('<img class="item-picture" src="{}" alt="{}" decoding="async">').format(media[one.name], one.alt)
    if gap is not None:
        return gap(one.number)
    label = _("Gap %(number)s", number=one.number)
    return Markup('<span class="gap" role="img" aria-label="{}">{}</span>').format(label, one.number)


def _table(table: Table, media: Media, gap: GapField | None, said: str) -> Markup:
    """Named by the sentence before it; the first column heads its rows unless it holds numbers only."""
    heads = len(table.head) > 1 and all(map(_said, first := _column(table, 0))) and not all(map(_is_number, first))
    rows = [_row(row, media, gap, "row" if heads else "") for row in table.rows]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_figure(_column(table, place)), _inline(cell, media, gap))
        if cell else Markup("<td></td>")
        for place, cell in enumerate(table.head)
    )  # fmt: skip
    around = Markup(
        '<div class="item-table"><table aria-label="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    )
    return around.format(said or _("Table"), head, Markup("").join(rows))


def _row(row: Sequence[Cell], media: Media, gap: GapField | None, scope: str) -> Markup:
    cells = [
        Markup('<th scope="{}">{}</th>').format(scope, _inline(cell, media, gap))
        if scope and not place
        else Markup("<td{}>{}</td>").format(_figure([cell]), _inline(cell, media, gap))
        for place, cell in enumerate(row)
    ]
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _column(table: Table, place: int) -> list[Cell]:
    return [row[place] for row in table.rows]


def _figure(cells: Sequence[Cell]) -> Markup:
    return Markup(' class="number"') if cells and all(_is_number(cell) for cell in cells) else Markup("")


def _is_number(cell: Cell) -> bool:
    return bool(_NUMBER.fullmatch(_said(cell).strip()))


def _said(parts: Sequence[Inline]) -> str:
    return "".join(one.text if isinstance(one, Words) else " ____ " if isinstance(one, Gap) else "" for one in parts)


def _all_words(parts: Sequence[Inline]) -> bool:
    return all(isinstance(one, Words) for one in parts)
