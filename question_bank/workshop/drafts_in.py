"""Items from files as drafts: complete or not, they go through review like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import EnemyPair, Item, ItemState
from app.models.workshop import ItemRevision, RevisionEdit
from question_bank.bank_item import BankItem
from question_bank.items import one_at_a_time
from question_bank.materials import keep_media
from question_bank.workshop.content import Content, content_of
from question_bank.workshop.revisions import begin
from question_bank.workshop.subject import hold_many, note, published_content


@dataclass(frozen=True)
class TakenIn:
    """How many became new drafts, how many revisions of items that were there, how many said nothing new."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    enemies_added: int = 0


def take_in_drafts(session: Session, actor: Actor, items: Sequence[BankItem], now: datetime) -> TakenIn:
    """All of them or, by the refusal, none. What misses something stays a draft until it is filled in."""
    one_at_a_time(session)
    standing = {row.code: row for row in session.scalars(select(Item).where(Item.code.in_([i.id for i in items])))}
    _refuse_moved(standing, items)
    keep_media(session, [one for item in items for one in (*item.media.values(), *_of_stimulus(item))])
    fresh = [item for item in items if item.id not in standing]
    ids = _begin_many(session, actor, fresh, now) | {code: row.id for code, row in standing.items()}
    revised = _revise(session, actor, [item for item in items if item.id in standing], ids, now)
    taken = TakenIn(len(fresh), revised, len(standing) - revised, _add_enemies(session, items, ids))
    audit.record(session, "bank:drafts_taken_in", actor, "bank", None, **asdict(taken))
    return taken


def _of_stimulus(item: BankItem) -> Sequence[Any]:
    return list(item.stimulus.media.values()) if item.stimulus else []


def _refuse_moved(standing: dict[str, Item], items: Sequence[BankItem]) -> None:
    for item in items:
        before = standing.get(item.id)
        if before and (before.scheme, before.level) != (item.scheme, item.level):
            message = N_(
                "Item %(item)s is already kept under %(scheme)s, level %(level)s. Give the new item a code of its own."
            )
            raise Refusal("item_elsewhere", message, item=item.id, scheme=before.scheme, level=before.level)
        if before and before.use != item.use:
            message = N_("Item %(item)s is kept for another use than the file says. Change its use on its page first.")
            raise Refusal("item_other_use", message, status=409, details={"use": before.use}, item=item.id)


def _begin_many(session: Session, actor: Actor, items: Sequence[BankItem], now: datetime) -> dict[str, int]:
    if not items:
        return {}
    rows = [
        {"code": one.id, "scheme": one.scheme, "level": one.level, "state": ItemState.DRAFT, "use": one.use}
        for one in items
    ]  # fmt: skip
    ids = session.scalars(insert(Item).returning(Item.id, sort_by_parameter_order=True), rows).all()
    contents = [content_of(one) for one in items]
    revisions = [
        {"item_id": item, "number": 1, "content": content, "author_id": actor.user_id, "created_at": now,
         "changed_at": now}
        for item, content in zip(ids, contents, strict=True)
    ]  # fmt: skip
    made = session.scalars(insert(ItemRevision).returning(ItemRevision.id, sort_by_parameter_order=True), revisions)
    edits = [
        {"revision_id": revision, "edition": 1, "content": content, "editor_id": actor.user_id,
         "editor_name": actor.name, "at": now}
        for revision, content in zip(made.all(), contents, strict=True)
    ]  # fmt: skip
    session.execute(insert(RevisionEdit), edits)
    lines = [(item, {"item": one.id, "revision": 1, "imported": True}) for item, one in zip(ids, items, strict=True)]
    audit.record_many(session, "item:created", actor, "item", lines)
    return {one.id: item for one, item in zip(items, ids, strict=True)}


def _revise(session: Session, actor: Actor, items: Sequence[BankItem], ids: dict[str, int], now: datetime) -> int:
    """A revision of each that says something new. One that somebody is working on refuses everything."""
    subjects = hold_many(session, [ids[item.id] for item in items]) if items else {}
    revised, busy = 0, []
    for item in items:
        subject = subjects[ids[item.id]]
        content: Content = content_of(item)
        there = subject.open.content if subject.open else published_content(session, subject.newest)
        if there == content:
            continue
        if subject.open:
            busy.append(item.id)
            continue
        base = subject.newest.number if subject.newest else 0
        revision = begin(session, actor, subject.item, base, content, now)
        note(session, "revision:begun", actor, subject.item, revision=revision.number, base=base, imported=True)
        revised += 1
    if busy:
        message = N_(
            "%(count)s of these items are being worked on, the first is %(item)s. "
            "Have those revisions finished or given up, or leave the items out of the file."
        )
        raise Refusal("items_busy", message, status=409, details={"items": busy}, count=len(busy), item=busy[0])
    return revised


def _add_enemies(session: Session, items: Sequence[BankItem], ids: dict[str, int]) -> int:
    """Pairs are only added; one that is not told is perhaps only left out."""
    named = {enemy for item in items for enemy in item.enemies} - set(ids)
    known = ids | dict(session.execute(select(Item.code, Item.id).where(Item.code.in_(named))).all())
    pairs = {
        tuple(sorted((known[item.id], known[enemy])))
        for item in items for enemy in item.enemies if enemy in known and enemy != item.id
    }  # fmt: skip
    if not pairs:
        return 0
    rows = [{"first_id": first, "second_id": second} for first, second in sorted(pairs)]
    query = upsert(EnemyPair).on_conflict_do_nothing().returning(EnemyPair.first_id)
    return len(session.scalars(query, rows).all())
