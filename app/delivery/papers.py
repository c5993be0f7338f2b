"""Papers as they are shown and checked. Papers and item versions never change, so a process keeps what it has read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from psycopg import Cursor
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.bank import ItemVersion
from app.models.exam import Paper
from app.schemes.scheme import Level, scheme
from question_bank.item_types import ITEM_TYPES, ItemContent

Key = TypeVar("Key")
Value = TypeVar("Value")

READ_FORM = """
SELECT s.scheme, s.level, ARRAY(SELECT (i ->> 'version_id')::bigint FROM jsonb_array_elements(p.items)
       WITH ORDINALITY AS e(i, place) ORDER BY place) AS versions
  FROM attempt a JOIN paper p ON p.id = a.paper_id JOIN exam_session s ON s.id = a.session_id WHERE a.id = %s
"""
READ_VERSIONS = 'SELECT id, type, "row", stem, options, key FROM item_version WHERE id = ANY(%s)'


class Run(Protocol):
    """How a piece of work gets its cursor."""

    def __call__(self, work: Callable[[Cursor[Any]], Form | None], /) -> Form | None: ...


class Kept(Generic[Key, Value]):
    """The newest `most` values; reading takes no lock."""

    def __init__(self, most: int) -> None:
        self.most, self._values, self._lock = most, dict[Key, Value](), Lock()

    def get(self, key: Key) -> Value | None:
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self.most:
                del self._values[next(iter(self._values))]
        return value

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


@dataclass(frozen=True, slots=True)
class DeliveredItem:
    """An item version with its key; what a candidate may see of it is up to `shown`."""

    type: str
    row: str
    stem: str
    options: Mapping[str, str]
    option_ids: tuple[str, ...]
    key: tuple[str, ...]
    stem_json: str
    options_json: Mapping[str, str]
    """Written out once, since every paper repeats them: the stem, and each option of the item's own."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the saving of a change needs to know of its paper."""

    items: tuple[DeliveredItem, ...]
    grace: timedelta

    def item(self, position: int) -> DeliveredItem | None:
        return self.items[position - 1] if 1 <= position <= len(self.items) else None


@dataclass(frozen=True)
class PaperItem:
    position: int
    item: DeliveredItem
    options: tuple[str, ...]
    marks: Decimal


_items: Kept[int, DeliveredItem] = Kept(200_000)
_forms: Kept[int, Form] = Kept(20_000)


def forget() -> None:
    """For another database under the same process."""
    _items.clear()
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
    found = {version: _items.get(version) for version in row[2]}
    missing = [version for version, item in found.items() if item is None]
    if missing:
        found |= {one[0]: _keep(one) for one in cursor.execute(READ_VERSIONS, (missing,)).fetchall()}
    items = tuple(item for version in row[2] if (item := found[version]) is not None)
    return Form(items, level_of(row[0], row[1]).theory.grace)


def items_of(session: Session, paper: Paper) -> list[PaperItem]:
    """The paper's items in order, each with the order of its options on this paper."""
    items = delivered(session, [entry["version_id"] for entry in paper.items])
    return [
        PaperItem(place, items[entry["version_id"]], tuple(entry["options"]), Decimal(entry["marks"]))
        for place, entry in enumerate(paper.items, 1)
    ]


def delivered(session: Session, versions: Sequence[int]) -> dict[int, DeliveredItem]:
    found = {version: _items.get(version) for version in versions}
    missing = [version for version, item in found.items() if item is None]
    if missing:
        one = ItemVersion
        query = select(one.id, one.type, one.row, one.stem, one.options, one.key).where(one.id.in_(missing))
        for row in session.execute(query):
            found[row[0]] = _keep(row)
    return {version: item for version, item in found.items() if item is not None}


def _keep(row: Sequence[Any]) -> DeliveredItem:
    """`row` as selected above: id, type, row, stem, options, key."""
    version, kind, row_no, stem, options, key = row
    ids = ITEM_TYPES[kind].option_ids(ItemContent(stem, options, tuple(key)))
    written = {option: option_json(option, text) for option, text in options.items()}
    item = DeliveredItem(kind, row_no, stem, options, ids, tuple(key), json.dumps(stem), written)
    return _items.put(version, item)


def option_json(option: str, text: str) -> str:
    return json.dumps({"id": option, "text": text})
