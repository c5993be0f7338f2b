"""Finding items on behalf of people who read the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.bank import Item, ItemVersion
from question_bank.pool import enemies_of, newest_ids


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is empty does not narrow."""

    level: str = ""
    row: str = ""
    content: str = ""
    type: str = ""
    words: str = ""


@dataclass(frozen=True)
class Page:
    versions: Sequence[ItemVersion]
    total: int
    number: int
    pages: int


def search(session: Session, wanted: Wanted, number: int, size: int) -> Page:
    """The newest versions that fit, in the order of codes."""
    query = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(ItemVersion.id.in_(newest_ids(level_code=wanted.level or None)))
    )
    for column in ("row", "content", "type"):
        if value := getattr(wanted, column):
            query = query.where(getattr(ItemVersion, column) == value)
    if wanted.words:
        fields = (Item.code, ItemVersion.stem, ItemVersion.point)
        query = query.where(or_(*(field.icontains(wanted.words, autoescape=True) for field in fields)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    found = session.scalars(query.order_by(Item.code).limit(size).offset((number - 1) * size)).unique().all()
    return Page(found, total, number, pages)


@dataclass(frozen=True)
class ItemHistory:
    item: Item
    versions: Sequence[ItemVersion]
    """The newest first."""
    enemies: Sequence[str]

    @property
    def newest(self) -> ItemVersion:
        return self.versions[0]


def item_history(session: Session, code: str) -> ItemHistory:
    item = session.scalar(select(Item).where(Item.code == code))
    if item is None or not item.versions:
        raise NotFound
    ids = session.scalars(select(Item.id).where(Item.scheme == item.scheme, Item.level == item.level))
    enemies = enemies_of(session, ids).get(code, frozenset())
    return ItemHistory(item, item.versions[::-1], sorted(enemies))
