"""The pool a paper is drawn from: what is in use now, or what a stored snapshot says was in use then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import BigInteger, ScalarSelect, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import Session, aliased

from app.core.errors import N_, Refusal
from app.models.bank import EnemyPair, Item, ItemState, ItemUse, ItemVersion, Snapshot
from question_bank.item_types import ITEM_TYPES, ItemContent
from question_bank.pool_item import PoolItem, in_order, snapshot_id

__all__ = [
    "PoolItem",
    "enemies_of",
    "in_order",
    "latest_versions",
    "load_pool",
    "newest_ids",
    "pool_of",
    "practice_pool",
    "snapshot_id",
    "take_snapshot",
]


def load_pool(session: Session, scheme_code: str, level_code: str) -> list[PoolItem]:
    """The latest version of every item in use for exams, in the order of codes."""
    versions = [
        version
        for version in latest_versions(session, scheme_code, level_code)
        if (version.item.state, version.item.use) == (ItemState.IN_USE, ItemUse.EXAM)
        and version.item.compromised_at is None
    ]
    enemies = enemies_of(session, [version.item_id for version in versions])
    return in_order(_as_value(version, enemies.get(version.item.code, frozenset())) for version in versions)


def practice_pool(session: Session, scheme_code: str, level_code: str) -> list[PoolItem]:
    """What anyone may practise with: items for practice that a computer marks; recordings are left out."""
    wanted = (
        select(ItemVersion)
        .join(Item)
        .where(
            ItemVersion.id.in_(newest_ids(scheme_code, level_code)),
            Item.use == ItemUse.PRACTICE,
            Item.state == ItemState.IN_USE,
            Item.compromised_at.is_(None),
        )
    )
    versions = [
        version
        for version in session.scalars(wanted)
        if not ITEM_TYPES[version.type].marked_by_people and not (version.stimulus and version.stimulus.audio)
    ]
    enemies = enemies_of(session, [version.item_id for version in versions])
    return in_order(_as_value(version, enemies.get(version.item.code, frozenset())) for version in versions)


def take_snapshot(session: Session, scheme_code: str, level_code: str) -> Snapshot:
    """The stored record of the pool as it is now; the same pool is the same row."""
    pool = load_pool(session, scheme_code, level_code)
    if not pool:
        message = N_("The bank holds no items in use for %(scheme)s, level %(level)s. Import items, then try again.")
        raise Refusal("bank_empty", message, scheme=scheme_code, level=level_code)
    name = snapshot_id(pool)
    members = [
        {"id": item.id, "version": item.version, "version_id": item.version_id, "digest": item.digest,
         "enemies": sorted(item.enemies)}
        for item in pool
    ]  # fmt: skip
    row = {"id": name, "scheme": scheme_code, "level": level_code, "members": members}
    session.execute(insert(Snapshot).values(row).on_conflict_do_nothing(index_elements=[Snapshot.id]))
    return session.get_one(Snapshot, name)


def pool_of(session: Session, snapshot: Snapshot) -> list[PoolItem]:
    """The pool as it was, to draw any of its papers again."""
    members = {member["version_id"]: frozenset(member["enemies"]) for member in snapshot.members}
    known = literal(list(members), ARRAY(BigInteger))
    versions = session.scalars(select(ItemVersion).where(ItemVersion.id == any_(known)))
    pool = in_order(_as_value(version, members[version.id]) for version in versions)
    if snapshot_id(pool) != snapshot.id:
        message = N_("The stored bank snapshot %(snapshot)s no longer matches its items. Keep the store as it is.")
        raise Refusal("snapshot_broken", message, snapshot=snapshot.id)
    return pool


def newest_ids(
    scheme_code: str | None = None, level_code: str | None = None, codes: Iterable[str] | None = None
) -> ScalarSelect[int]:
    """The ids of the newest version of each item, to select from."""
    newest = select(ItemVersion.id).ext(distinct_on(ItemVersion.item_id)).join(Item)
    if scheme_code is not None:
        newest = newest.where(Item.scheme == scheme_code)
    if level_code is not None:
        newest = newest.where(Item.level == level_code)
    if codes is not None:
        newest = newest.where(Item.code == any_(literal(list(codes), ARRAY(Text))))
    return newest.order_by(ItemVersion.item_id, ItemVersion.number.desc()).scalar_subquery()


def latest_versions(
    session: Session,
    scheme_code: str | None = None,
    level_code: str | None = None,
    codes: Iterable[str] | None = None,
) -> Sequence[ItemVersion]:
    """The newest version of each item, retired ones too, in the order of codes."""
    wanted = ItemVersion.id.in_(newest_ids(scheme_code, level_code, codes))
    found = session.scalars(select(ItemVersion).where(wanted)).all()
    return sorted(found, key=lambda version: version.item.code)


def enemies_of(session: Session, item_ids: Iterable[int]) -> Mapping[str, frozenset[str]]:
    """Codes of the enemies among these items, by code and both ways."""
    known = literal(list(item_ids), ARRAY(BigInteger))
    one, other = aliased(Item), aliased(Item)
    pairs = session.execute(
        select(one.code, other.code)
        .select_from(EnemyPair)
        .join(one, one.id == EnemyPair.first_id)
        .join(other, other.id == EnemyPair.second_id)
        .where(one.id == any_(known), other.id == any_(known))
    )
    found = defaultdict(set)
    for first, second in pairs:
        found[first].add(second)
        found[second].add(first)
    return {code: frozenset(enemies) for code, enemies in found.items()}


def _as_value(version: ItemVersion, enemies: frozenset[str]) -> PoolItem:
    content = ItemContent(version.stem, version.options, tuple(version.key))
    return PoolItem(
        id=version.item.code,
        version=version.number,
        version_id=version.id,
        type=version.type,
        row=version.row,
        content=version.content,
        difficulty=version.difficulty,
        options=tuple(ITEM_TYPES[version.type].option_ids(content)),
        enemies=enemies,
        digest=version.digest,
        seconds=version.seconds,
        stimulus=version.stimulus.stimulus.code if version.stimulus else "",
        key=tuple(version.key),
    )
