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

READ_FORMS = """
SELECT a.id, s.scheme, s.level, jsonb_path_query_array(p.items, '$[*].version_id') AS versions
  FROM attempt a JOIN paper p ON p.id = a.paper_id JOIN exam_session s ON s.id = a.session_id
 WHERE a.id = ANY(%s::bigint[])
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
_numbers: Kept[int, int] = Kept(200_000)
_shapes: list[Shape] = []
_places: dict[Shape, int] = {}
_naming = Lock()


def forget() -> None:
    """For another database under the same process."""
    delivered.forget()
    _forms.clear()
    _numbers.clear()


def level_of(scheme_code: str, level: str) -> Level:
    return scheme(scheme_code).level(level)


def known_form(attempt_id: int) -> Form | None:
    """The form of an attempt's paper where this process has read it already."""
    return _forms.get(attempt_id)


def form_of(attempt_id: int, run: Run) -> Form | None:
    """The form of an attempt's paper, read through `run` once; None when there is no such attempt."""
    return _forms.get(attempt_id) or run(lambda cursor: forms_of([attempt_id], cursor).get(attempt_id))


def forms_of(attempts: Sequence[int], cursor: Cursor[Any]) -> dict[int, Form]:
    """The forms of these attempts' papers by attempt, all that are new to this process read together."""
    found = {one: form for one in attempts if (form := _forms.get(one)) is not None}
    if new := [one for one in attempts if one not in found]:
        rows = cursor.execute(READ_FORMS, (new,)).fetchall()
        numbers = _numbers_of({version for row in rows for version in row[3]}, cursor)
        for attempt_id, scheme_code, level, versions in rows:
            grace = level_of(scheme_code, level).theory.grace
            items = array("H", [numbers[version] for version in versions if version in numbers])
            found[attempt_id] = _forms.put(attempt_id, Form(items, grace))
    return found


def _numbers_of(versions: set[int], cursor: Cursor[Any]) -> dict[int, int]:
    """The place of each version's shape among all shapes."""
    found = {version: number for version in versions if (number := _numbers.get(version)) is not None}
    if missing := [version for version in versions if version not in found]:
        for row in cursor.execute(delivered.READ, (missing,)).fetchall():
            item = delivered.keep(row)
            found[row[0]] = _numbers.put(row[0], _place(Shape(item.type, item.option_ids)))
    return found


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
