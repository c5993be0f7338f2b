"""Enemies: items that may not stand on one paper."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason
from app.models.bank import EnemyPair, Item
from question_bank.workshop.subject import hold_many, note


def add_enemy(session: Session, actor: Actor, item_id: int, enemy_id: int, reason: str = "") -> bool:
    """False when they were enemies already."""
    check_reason(reason)
    one, other = _both(session, item_id, enemy_id)
    if (one.scheme, one.level) != (other.scheme, other.level):
        message = N_("Items %(item)s and %(enemy)s belong to different levels and never meet on a paper.")
        raise Refusal("enemies_apart", message, item=one.code, enemy=other.code)
    first, second = sorted((item_id, enemy_id))
    query = insert(EnemyPair).values(first_id=first, second_id=second).on_conflict_do_nothing()
    added = bool(session.execute(query.returning(EnemyPair.first_id)).first())
    if added:
        note(session, "enemy:added", actor, one, enemy=other.code, reason=reason.strip())
    return added


def remove_enemy(session: Session, actor: Actor, item_id: int, enemy_id: int, reason: str = "") -> None:
    check_reason(reason)
    one, other = _both(session, item_id, enemy_id)
    pair = session.get(EnemyPair, tuple(sorted((item_id, enemy_id))))
    if pair is None:
        message = N_("Items %(item)s and %(enemy)s are not enemies.")
        raise Refusal("not_enemies", message, status=409, item=one.code, enemy=other.code)
    session.delete(pair)
    session.flush()
    note(session, "enemy:removed", actor, one, enemy=other.code, reason=reason.strip())


def enemies_of_item(session: Session, item_id: int) -> Sequence[Item]:
    """In the order of codes."""
    pair = select(EnemyPair).where(or_(EnemyPair.first_id == item_id, EnemyPair.second_id == item_id)).subquery()
    query = select(Item).join(pair, Item.id.in_([pair.c.first_id, pair.c.second_id])).where(Item.id != item_id)
    return session.scalars(query.order_by(Item.code)).all()


def _both(session: Session, item_id: int, enemy_id: int) -> tuple[Item, Item]:
    if item_id == enemy_id:
        raise Refusal("own_enemy", N_("An item cannot be its own enemy."))
    found = hold_many(session, [item_id, enemy_id])
    if len(found) < 2:
        raise NotFound
    return found[item_id].item, found[enemy_id].item
