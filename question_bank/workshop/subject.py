"""An item with its open revision, held still while somebody decides about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, lazyload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.bank import Item, ItemVersion, MediaFile
from app.models.workshop import OPEN, ItemRevision, RevisionEdit, RevisionState
from question_bank.bank_item import BankItem
from question_bank.items import as_bank_item
from question_bank.materials import media_of
from question_bank.pool import newest_ids
from question_bank.workshop.content import Content, content_of


@dataclass(frozen=True)
class Seen:
    """What somebody had before their eyes when they decided: the number of the revision and its edition."""

    revision: int
    edition: int


@dataclass(frozen=True)
class Subject:
    item: Item
    newest: ItemVersion | None
    """The version in use, or the last that was."""
    open: ItemRevision | None
    editors: frozenset[int]
    """Everybody who saved something of the open revision, or of those given up since the item last came into use."""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.item.code, self.item.scheme, self.item.level

    def revision(self) -> ItemRevision:
        if self.open is None:
            message = N_("Nobody is working on item %(item)s. Begin a revision of it first.")
            raise Refusal("no_open_revision", message, status=409, item=self.item.code)
        return self.open

    def seen(self, seen: Seen | None) -> ItemRevision:
        """The open revision, if it still is what was seen."""
        revision = self.revision()
        if seen and (revision.number, revision.edition) != (seen.revision, seen.edition):
            message = N_("Item %(item)s was changed since you opened it. Look at the change, then decide again.")
            details = {"revision": revision.number, "edition": revision.edition}
            raise Refusal("revision_changed", message, status=409, details=details, item=self.item.code)
        return revision


def hold(session: Session, item_id: int) -> Subject:
    """One item, locked until the transaction ends."""
    found = hold_many(session, [item_id])
    if not found:
        raise NotFound
    return found[item_id]


def hold_many(session: Session, item_ids: Collection[int], *, lock: bool = True) -> Mapping[int, Subject]:
    """Every decision about an item locks its row, and many are locked in one order, so none can cross."""
    query = select(Item).where(Item.id.in_(item_ids)).order_by(Item.id).options(lazyload("*"))
    query = query.execution_options(populate_existing=True)
    items = session.scalars(query.with_for_update(key_share=True) if lock else query).all()
    codes = [item.code for item in items]
    wanted = ItemVersion.id.in_(newest_ids(codes=codes))
    newest = {version.item_id: version for version in session.scalars(select(ItemVersion).where(wanted))}
    standing = select(ItemRevision).where(ItemRevision.item_id.in_(item_ids), ItemRevision.state.in_(OPEN))
    revisions = {one.item_id: one for one in session.scalars(standing.execution_options(populate_existing=True))}
    editors = editors_of(session, revisions)
    return {
        item.id: Subject(
            item, newest.get(item.id), revisions.get(item.id),
            editors.get(item.id, frozenset()),
        )
        for item in items
    }  # fmt: skip


def editors_of(session: Session, item_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By item. What was given up may live on in the revision after it, so its writers count too."""
    used = aliased(ItemRevision)
    last = select(func.coalesce(func.max(used.number), 0)).where(
        used.item_id == ItemRevision.item_id, used.state == RevisionState.IN_USE
    )
    query = select(ItemRevision.item_id, RevisionEdit.editor_id).join(RevisionEdit).distinct()
    query = query.where(ItemRevision.item_id.in_(item_ids), ItemRevision.number > last.scalar_subquery())
    found: dict[int, set[int]] = defaultdict(set)
    for item, editor in session.execute(query):
        if editor is not None:
            found[item].add(editor)
    return {item: frozenset(editors) for item, editors in found.items()}


def media_contents(session: Session, wanted: Collection[str]) -> dict[str, bytes]:
    if not wanted:
        return {}
    found = session.execute(select(MediaFile.sha256, MediaFile.content).where(MediaFile.sha256.in_(wanted)))
    return {row.sha256: row.content for row in found}


def published(session: Session, version: ItemVersion) -> BankItem:
    return as_bank_item(version, media=media_of(session, [version]))


def published_content(session: Session, version: ItemVersion | None) -> Content | None:
    return content_of(published(session, version)) if version else None


def note(session: Session, tag: str, actor: Actor, item: Item, **data: object) -> None:
    """A line of the item's history."""
    audit.record(session, f"item:{tag}", actor, "item", item.id, item=item.code, **data)
