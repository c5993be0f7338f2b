"""Searching all items, drafts and retired ones too: by what they say, who made them and how they fare."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.models.account import User
from app.models.bank import Item, ItemVersion, Stimulus, StimulusVersion
from app.models.workshop import OPEN, ItemRevision, VersionUsage
from question_bank.workshop.wanted import Page, Row, Wanted

_NEWEST = (
    select(ItemVersion)
    .where(ItemVersion.item_id == Item.id)
    .order_by(ItemVersion.number.desc())
    .limit(1)
    .correlate(Item)
    .lateral("newest")
)
"""Beside each item its newest version: looked up for the items of a page only, where nothing else asks for it."""
_v, _r, _u = aliased(ItemVersion, _NEWEST), ItemRevision, VersionUsage
_author, _approver = aliased(User), aliased(User)
_CHANGED = func.coalesce(_r.changed_at, _v.created_at, Item.created_at)
_SORTS: dict[str, ColumnElement[Any]] = {
    "code": Item.code.expression, "changed": _CHANGED, "difficulty": _v.difficulty.expression,
    "share": _u.share.expression, "correlation": _u.correlation.expression, "papers": func.coalesce(_u.papers, 0),
    "last_used": _u.last_used_at.expression,
}  # fmt: skip


def find(session: Session, wanted: Wanted, number: int, size: int) -> Page:
    """Two statements: how many fit, and the page with everything that is shown of them."""
    conditions = _conditions(wanted)
    counted = select(func.count(Item.id))
    total = session.scalar((counted if _plain(wanted) else _joined(counted)).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    order = _SORTS[wanted.sort]
    query = _joined(select(*_COLUMNS)).where(*conditions)
    query = query.order_by((order.desc() if wanted.descending else order.asc()).nulls_last(), Item.code)
    rows = session.execute(query.limit(size).offset((number - 1) * size)).mappings()
    return Page([Row(**row) for row in rows], total, number, pages)


def find_ids(session: Session, wanted: Wanted, most: int) -> list[int]:
    """The first so many that fit, in the order of codes, to act on all of them."""
    query = _joined(select(Item.id)).where(*_conditions(wanted)).order_by(Item.code)
    return list(session.scalars(query.limit(most)))


def _or_draft(name: str, column: Any) -> ColumnElement[str]:
    return func.coalesce(column, _r.content[name].astext, "")


_COLUMNS = (
    Item.id, Item.code, Item.scheme, Item.level, Item.state, Item.compromised_at, _v.number.label("version"),
    _r.number.label("revision"), _r.edition, _r.state.label("revision_state"),
    *(_or_draft(name, getattr(_v, name)).label(name) for name in ("type", "row", "content", "point", "stem")),
    func.coalesce(cast(_v.difficulty, Text), _r.content["difficulty"].astext, "").label("difficulty"),
    func.coalesce(func.nullif(_v.author, ""), _author.name, "").label("author"),
    func.coalesce(func.nullif(_v.reviewer, ""), _approver.name, "").label("reviewer"),
    _CHANGED.label("changed_at"), func.coalesce(_u.papers, 0).label("papers"),
    func.coalesce(_u.delivered, 0).label("delivered"), _u.last_used_at, _u.share, _u.correlation,
)  # fmt: skip


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(Item)
        .outerjoin(_v, true())
        .outerjoin(_r, and_(_r.item_id == Item.id, _r.state.in_(OPEN)))
        .outerjoin(_u, _u.version_id == _v.id)
        .outerjoin(_author, _author.id == _r.author_id)
        .outerjoin(_approver, _approver.id == _r.approved_by)
    )


def _plain(wanted: Wanted) -> bool:
    """Nothing but the item's own row decides."""
    own = {"scheme", "level", "state", "compromised", "sort", "descending"}
    return all(getattr(wanted, one.name) == one.default for one in fields(wanted) if one.name not in own)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [true()]
    for column, value in ((Item.scheme, wanted.scheme), (Item.level, wanted.level), (Item.state, wanted.state)):
        if value:
            found.append(column == value)
    for name in ("row", "content", "type", "point"):
        if value := getattr(wanted, name):
            found.append(or_(getattr(_v, name) == value, _r.content[name].astext == value))
    if wanted.words:
        texts = (Item.code, _v.stem, _v.point, _r.content["stem"].astext, _r.content["point"].astext)
        found.append(or_(*(one.icontains(wanted.words, autoescape=True) for one in texts)))
    if wanted.author:
        found.append(or_(*(one.icontains(wanted.author, autoescape=True) for one in (_v.author, _author.name))))
    if wanted.reviewer:
        found.append(or_(*(one.icontains(wanted.reviewer, autoescape=True) for one in (_v.reviewer, _approver.name))))
    if wanted.mine is not None:
        found.append(_r.author_id == wanted.mine)
    if wanted.revision:
        found.append(_r.id.is_(None) if wanted.revision == "none" else _r.state == wanted.revision)
    return found + _kinds(wanted) + _figures(wanted)


def _kinds(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.case is not None:
        found.append(func.coalesce(_v.case, _r.content["case"].as_boolean(), False).is_(wanted.case))
    if wanted.compromised is not None:
        known = Item.compromised_at.is_not(None)
        found.append(known if wanted.compromised else ~known)
    if wanted.unused is not None:
        never = func.coalesce(_u.papers, 0) == 0
        found.append(never if wanted.unused else ~never)
    if wanted.stimulus:
        shared = select(StimulusVersion.id).join(Stimulus).where(Stimulus.code == wanted.stimulus)
        drafted = _r.content["stimulus"]["id"].astext == wanted.stimulus
        found.append(or_(_v.stimulus_version_id.in_(shared), drafted))
    return found


def _figures(wanted: Wanted) -> list[ColumnElement[bool]]:
    bounds: tuple[tuple[Any, Any, Any], ...] = (
        (_u.share, wanted.share_from, wanted.share_to),
        (_u.correlation, wanted.correlation_from, wanted.correlation_to),
        (func.coalesce(_u.papers, 0), wanted.papers_from, wanted.papers_to),
    )
    found: list[ColumnElement[bool]] = []
    for column, lowest, highest in bounds:
        if lowest is not None:
            found.append(column >= lowest)
        if highest is not None:
            found.append(column <= highest)
    return found
