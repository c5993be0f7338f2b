"""All about one item, to read: versions, revisions, comments, enemies, history, and what changed between any two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import N_, NotFound, Refusal
from app.models.audit import AuditLine
from app.models.bank import Item, ItemVersion
from app.models.workshop import OPEN, ItemRevision, RevisionComment, RevisionEdit
from question_bank.bank_item import BankItem
from question_bank.workshop.comments import comments_of
from question_bank.workshop.completeness import Fault, item_of
from question_bank.workshop.content import Content, media_named
from question_bank.workshop.diff import FieldChange, diff
from question_bank.workshop.pairs import enemies_of_item
from question_bank.workshop.subject import media_contents, published, published_content

MOST_LINES = 200


@dataclass(frozen=True)
class ItemFile:
    item: Item
    versions: Sequence[ItemVersion]
    """The newest first, like the revisions."""
    revisions: Sequence[ItemRevision]
    comments: Sequence[RevisionComment]
    enemies: Sequence[Item]

    @property
    def open(self) -> ItemRevision | None:
        return self.revisions[0] if self.revisions and self.revisions[0].state in OPEN else None

    @property
    def newest(self) -> ItemVersion | None:
        return self.versions[0] if self.versions else None


@dataclass(frozen=True)
class State:
    """A point in an item's life: a version, or a revision (at one of its editions, the last if 0)."""

    version: int = 0
    revision: int = 0
    edition: int = 0


def item_file(session: Session, item_id: int) -> ItemFile:
    item = item_of_id(session, item_id)
    versions = session.scalars(
        select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number.desc())
    ).all()
    query = select(ItemRevision).where(ItemRevision.item_id == item_id).order_by(ItemRevision.number.desc())
    query = query.options(*(selectinload(one) for one in (ItemRevision.author, ItemRevision.approver)))
    revisions = session.scalars(query.options(selectinload(ItemRevision.edits))).all()
    return ItemFile(item, versions, revisions, comments_of(session, item_id), enemies_of_item(session, item_id))


def item_of_id(session: Session, item_id: int) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    return item


def item_id_of(session: Session, code: str) -> int:
    found = session.scalar(select(Item.id).where(Item.code == code))
    if found is None:
        raise NotFound
    return found


def content_at(session: Session, item_id: int, state: State) -> Content:
    """What the item said then."""
    if state.version:
        query = select(ItemVersion).where(ItemVersion.item_id == item_id, ItemVersion.number == state.version)
        found = published_content(session, session.scalar(query))
    else:
        edits = select(RevisionEdit.content).join(ItemRevision).where(ItemRevision.item_id == item_id)
        edits = edits.where(ItemRevision.number == state.revision).order_by(RevisionEdit.edition.desc())
        found = session.scalar(edits.where(RevisionEdit.edition == state.edition) if state.edition else edits.limit(1))
    if found is None:
        raise Refusal("no_such_state", N_("The item has no version or revision of this number."), status=404)
    return found


def changes(session: Session, item_id: int, before: State, after: State) -> list[FieldChange]:
    return diff(content_at(session, item_id, before), content_at(session, item_id, after))


def draft_item(session: Session, item_id: int, state: State | None = None) -> tuple[BankItem, list[Fault]]:
    """The item as its candidates would get it, for a preview, and what is still wrong; by default the open revision
    or, without one, the newest version."""
    file = item_file(session, item_id)
    if state is None and file.open is None and file.newest is not None:
        return published(session, file.newest), []
    latest = State(revision=file.revisions[0].number) if file.revisions else State(version=1)
    content = content_at(session, item_id, state or latest)
    place = (file.item.code, file.item.scheme, file.item.level)
    return item_of(place, content, media_contents(session, media_named(content)))


def history(session: Session, item_id: int) -> Sequence[AuditLine]:
    """What was ever decided about it, the latest first."""
    query = select(AuditLine).where(AuditLine.subject == "item", AuditLine.subject_id == str(item_id))
    return session.scalars(query.order_by(AuditLine.id.desc()).limit(MOST_LINES)).all()
