"""Keeping items: what is new becomes an item, what changed a new version, what is the same is left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import EnemyPair, Item, ItemVersion, StimulusVersion
from question_bank.bank_item import BankItem
from question_bank.item_types import Criterion
from question_bank.materials import keep_materials, media_of, named_media, stimulus_of
from question_bank.pool import enemies_of, latest_versions

_ONE_IMPORT_AT_A_TIME = 0xBA4C


@dataclass(frozen=True)
class Kept:
    """How many items were new, changed or the same, and how many pairs of enemies came or went."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    enemies_added: int = 0
    enemies_removed: int = 0


def keep_items(session: Session, actor: Actor, items: Sequence[BankItem]) -> Kept:
    """All of them or, by the refusal, none. A pair of enemies goes when both are here and neither names the other."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_IMPORT_AT_A_TIME})
    standing = {version.item.code: version for version in latest_versions(session, codes=[item.id for item in items])}
    _refuse_moved(standing, items)
    shared = keep_materials(session, items)
    new = changed = 0
    for item in items:
        before = standing.get(item.id)
        if before is None:
            row = Item(code=item.id, scheme=item.scheme, level=item.level)
            session.add(row)
            session.add(_version(row, 1, item, shared))
            new += 1
        elif before.digest != item.digest():
            session.add(_version(before.item, before.number + 1, item, shared))
            changed += 1
    session.flush()
    added, removed = _keep_enemies(session, items)
    kept = Kept(new, changed, len(items) - new - changed, added, removed)
    audit.record(session, "bank:imported", actor, "bank", None, **asdict(kept))
    return kept


def stored_items(session: Session, scheme: str | None = None, level: str | None = None) -> list[BankItem]:
    """The newest version of each item, in the order of codes."""
    versions = latest_versions(session, scheme, level)
    enemies = enemies_of(session, [version.item_id for version in versions])
    media = media_of(session, versions)
    return [as_bank_item(version, enemies.get(version.item.code, frozenset()), media) for version in versions]


def known_codes(session: Session, codes: Collection[str]) -> set[str]:
    return set(session.scalars(select(Item.code).where(Item.code.in_(codes))))


def as_bank_item(
    version: ItemVersion, enemies: frozenset[str] = frozenset(), media: Mapping[str, bytes] | None = None
) -> BankItem:
    """`media`: contents by SHA-256, as `media_of` reads them."""
    return BankItem(
        id=version.item.code, scheme=version.item.scheme, level=version.item.level, row=version.row,
        content=version.content, type=version.type, point=version.point, difficulty=version.difficulty,
        stem=version.stem, key=tuple(version.key), rationale=version.rationale, source=version.source,
        options=dict(sorted(version.options.items())), author=version.author, reviewer=version.reviewer,
        status=version.status, enemies=enemies, seconds=version.seconds, case=version.case,
        feedback=dict(sorted(version.feedback.items())), stimulus=stimulus_of(version, media or {}),
        criteria=tuple(Criterion(one["text"], Decimal(one["points"])) for one in version.criteria),
        media=named_media(version.media, media or {}),
    )  # fmt: skip


def _refuse_moved(standing: Mapping[str, ItemVersion], items: Iterable[BankItem]) -> None:
    """An item's code means one place in one scheme for ever."""
    for item in items:
        before = standing.get(item.id)
        if before and (before.item.scheme, before.item.level) != (item.scheme, item.level):
            message = N_(
                "Item %(item)s is already kept under %(scheme)s, level %(level)s. Give the new item a code of its own."
            )
            raise Refusal(
                "item_elsewhere", message, item=item.id, scheme=before.item.scheme, level=before.item.level
            )  # fmt: skip


def _version(row: Item, number: int, item: BankItem, shared: Mapping[str, StimulusVersion]) -> ItemVersion:
    return ItemVersion(
        item=row, number=number, type=item.type, row=item.row, content=item.content, point=item.point,
        difficulty=item.difficulty, stem=item.stem, options=dict(item.options), key=item.stored_key(),
        rationale=item.rationale, source=item.source, author=item.author, reviewer=item.reviewer,
        status=item.status, seconds=item.seconds, case=item.case, feedback=dict(item.feedback),
        criteria=[{"text": one.text, "points": str(one.points)} for one in item.criteria],
        media={name: one.sha256 for name, one in item.media.items()},
        stimulus=shared[item.stimulus.digest()] if item.stimulus else None, digest=item.digest(),
    )  # fmt: skip


def _keep_enemies(session: Session, items: Sequence[BankItem]) -> tuple[int, int]:
    codes = {item.id for item in items}
    wanted = {tuple(sorted((item.id, enemy))) for item in items for enemy in item.enemies}
    rows = session.execute(select(Item.code, Item.id).where(Item.code.in_(codes.union(*wanted))))
    ids = {row.code: row.id for row in rows}
    known = enemies_of(session, ids.values())
    have = {tuple(sorted((code, enemy))) for code, enemies in known.items() for enemy in enemies}
    gone = {pair for pair in have - wanted if codes.issuperset(pair)}
    pairs = [sorted((ids[one], ids[other])) for one, other in wanted - have]
    if pairs:
        session.execute(insert(EnemyPair), [{"first_id": first, "second_id": second} for first, second in pairs])
    for one, other in gone:
        first, second = sorted((ids[one], ids[other]))
        session.delete(session.get_one(EnemyPair, (first, second)))
    session.flush()
    return len(pairs), len(gone)
