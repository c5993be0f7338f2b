"""Papers as they are shown and checked. Papers and item versions never change, so a process keeps what it has read."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from threading import Lock
from typing import Any, NamedTuple, Protocol

from psycopg import Cursor
from sqlalchemy.orm import Session

from app.delivery import delivered
from app.delivery.delivered import DeliveredItem, Kept
from app.models.bank import ItemVersion
from app.models.exam import Paper
from app.schemes.scheme import Level, scheme

READ_FORM = """
SELECT s.scheme, s.level, ARRAY(SELECT (i ->> 'version_id')::bigint FROM jsonb_array_elements(p.items)
       WITH ORDINALITY AS e(i, place) ORDER BY place) AS versions
  FROM attempt a JOIN paper p ON p.id = a.paper_id JOIN exam_session s ON s.id = a.session_id WHERE a.id = %s
"""


class Run(Protocol):
    """How a piece of work gets its cursor."""

    def __call__(self, work: Callable[[Cursor[Any]], Form | None], /) -> Form | None: ...


class Shape(NamedTuple):
    """What an answer to an item is checked against."""

    type: str
    option_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What the saving of a change needs to know of its paper, in two bytes an item: a process keeps very many."""

    items: array[int]
    """The place of each item's shape among all shapes."""
    grace: timedelta

    @classmethod
    def of(cls, shapes: Iterable[Shape], grace: timedelta) -> Form:
        return cls(array("H", map(_place, shapes)), grace)

    def item(self, position: int) -> Shape | None:
        return _shapes[self.items[position - 1]] if 1 <= position <= len(self.items) else None


class PaperItem(NamedTuple):
    """An item as it stands on one paper; made by the million when a large session is marked."""

    position: int
    item: DeliveredItem
    options: tuple[str, ...]
    marks: Decimal


_forms: Kept[int, Form] = Kept(500_000)
_shapes: list[Shape] = []
_places: dict[Shape, int] = {}
_naming = Lock()


def forget() -> None:
    """For another database under the same process."""
    delivered.forget()
    _forms.clear()


def level_of(scheme_code: str, level: str) -> Level:
    return scheme(scheme_code).level(level)


def form_of(attempt_id: int, run: Run) -> Form | None:
    """The form of an attempt's paper, read through `run` once; None when there is no such attempt."""
    form = _forms.get(attempt_id)
    if form is None:
        form = run(lambda cursor: _read_form(cursor, attempt_id))
        if form is not None:
            _forms.put(attempt_id, form)
    return form


def _read_form(cursor: Cursor[Any], attempt_id: int) -> Form | None:
    row = cursor.execute(READ_FORM, (attempt_id,)).fetchone()
    if row is None:
        return None
    found = {version: delivered.items.get(version) for version in row[2]}
    missing = [version for version, item in found.items() if item is None]
    if missing:
        found |= {one[0]: delivered.keep(one) for one in cursor.execute(delivered.READ, (missing,)).fetchall()}
    shapes = [Shape(item.type, item.option_ids) for version in row[2] if (item := found[version]) is not None]
    return Form.of(shapes, level_of(row[0], row[1]).theory.grace)


def _place(shape: Shape) -> int:
    """There are a few dozen shapes in all, whatever the number of items."""
    with _naming:
        if shape not in _places:
            _shapes.append(shape)
            _places[shape] = len(_shapes) - 1
    return _places[shape]


def items_of(session: Session, paper: Paper) -> list[PaperItem]:
    """The paper's items in order, each with the order of its options on this paper."""
    return placed(session, paper.items)


def placed(session: Session, entries: Sequence[Any]) -> list[PaperItem]:
    """`entries` as a paper keeps them."""
    items = versions_of(session, [entry["version_id"] for entry in entries])
    return [
        PaperItem(place, items[entry["version_id"]], tuple(entry["options"]), figure(entry["marks"]))
        for place, entry in enumerate(entries, 1)
    ]


figure = cache(Decimal)
"""Marks as papers write them; there are few."""


def versions_of(session: Session, versions: Sequence[int]) -> dict[int, DeliveredItem]:
    found = {version: delivered.items.get(version) for version in versions}
    missing = [version for version, item in found.items() if item is None]
    if missing:
        for row in session.execute(delivered.SELECT.where(ItemVersion.id.in_(missing))):
            found[row[0]] = delivered.keep(row)
    return {version: item for version, item in found.items() if item is not None}
