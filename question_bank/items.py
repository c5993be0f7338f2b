"""Keeping items: what is new becomes an item, what changed a new version, what is the same is left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, BindParameter, String, any_, literal, select, text
from sqlalchemy import insert as add
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import EnemyPair, Item, ItemState, ItemVersion, StimulusVersion
from question_bank.bank_item import BankItem
from question_bank.item_types import Criterion
from question_bank.materials import keep_materials, media_of, named_media, stimulus_of
from question_bank.pool import enemies_of, latest_versions
from question_bank.progress import SILENT, Progress
from question_bank.uses import change_uses, refuse_mixed

_ONE_IMPORT_AT_A_TIME = 0xBA4C
_AT_ONCE = 1000


@dataclass(frozen=True)
class Kept:
    """How many items were new, changed or the same, and how many pairs of enemies came or went."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    enemies_added: int = 0
    enemies_removed: int = 0


@dataclass(frozen=True)
class _Standing:
    """What the bank holds under a code: its item and the newest version of it."""

    item_id: int
    scheme: str
    level: str
    number: int
    digest: str
    use: str


def keep_items(session: Session, actor: Actor, items: Sequence[BankItem], progress: Progress = SILENT) -> Kept:
    """All of them or, by the refusal, none. A pair of enemies goes when both are here and neither names the other."""
    one_at_a_time(session)
    _refuse_drafts(session, items)
    standing = _standing(session, [item.id for item in items])
    _refuse_moved(standing, items)
    shared = keep_materials(session, items)
    digests = {item.id: item.digest() for item in items}
    fresh = [item for item in items if item.id not in standing]
    changed = [item for item in items if item.id in standing and standing[item.id].digest != digests[item.id]]
    progress.begin(N_("Keeping items"), len(fresh) + len(changed))
    ids = _begin(session, fresh)
    rows = [{"item_id": ids[item.id], "number": 1} | _values(item, digests[item.id], shared) for item in fresh]
    for item in changed:
        before = {"item_id": standing[item.id].item_id, "number": standing[item.id].number + 1}
        rows.append(before | _values(item, digests[item.id], shared))
    for place in range(0, len(rows), _AT_ONCE):
        session.execute(add(ItemVersion), rows[place : place + _AT_ONCE])
        progress.advance(len(rows[place : place + _AT_ONCE]))
    known = [(standing[item.id], item.use) for item in items if item.id in standing]
    change_uses(session, actor, {before.item_id: use for before, use in known if before.use != use})
    refuse_mixed(session, [item.id for item in items if item.stimulus])
    added, removed = _keep_enemies(session, items)
    kept = Kept(len(fresh), len(changed), len(items) - len(fresh) - len(changed), added, removed)
    audit.record(session, "bank:imported", actor, "bank", None, **asdict(kept))
    return kept


def one_at_a_time(session: Session) -> None:
    """Until the transaction ends nobody else gives an item a new version."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_IMPORT_AT_A_TIME})


def stored_items(session: Session, scheme: str | None = None, level: str | None = None) -> list[BankItem]:
    """The newest version of each item, in the order of codes."""
    versions = latest_versions(session, scheme, level)
    enemies = enemies_of(session, [version.item_id for version in versions])
    media = media_of(session, versions)
    return [as_bank_item(version, enemies.get(version.item.code, frozenset()), media) for version in versions]


def known_codes(session: Session, codes: Collection[str]) -> set[str]:
    return set(session.scalars(select(Item.code).where(Item.code == any_(_array(list(codes))))))


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
        media=named_media(version.media, media or {}), use=version.item.use,
    )  # fmt: skip


def _standing(session: Session, codes: Sequence[str]) -> dict[str, _Standing]:
    newest = (
        select(Item.code, Item.id, Item.scheme, Item.level, ItemVersion.number, ItemVersion.digest, Item.use)
        .ext(distinct_on(Item.id))
        .join(ItemVersion)
        .where(Item.code == any_(_array(codes)))
        .order_by(Item.id, ItemVersion.number.desc())
    )
    found = session.execute(newest)
    return {row.code: _Standing(row.id, row.scheme, row.level, row.number, row.digest, row.use) for row in found}


def _array(codes: Sequence[str]) -> BindParameter[Any]:
    """One parameter, however many there are: a statement takes no more than 65,535."""
    return literal(list(codes), ARRAY(String))


def _begin(session: Session, items: Sequence[BankItem]) -> dict[str, int]:
    if not items:
        return {}
    rows = [{"code": item.id, "scheme": item.scheme, "level": item.level, "use": item.use} for item in items]
    ids = session.scalars(add(Item).returning(Item.id, sort_by_parameter_order=True), rows).all()
    return {item.id: one for item, one in zip(items, ids, strict=True)}


def _refuse_drafts(session: Session, items: Iterable[BankItem]) -> None:
    """What the workshop is still writing comes into use by an approval and not past it."""
    codes = [item.id for item in items]
    draft = select(Item.code).where(Item.code == any_(_array(codes)), Item.state == ItemState.DRAFT)
    if found := session.scalars(draft.order_by(Item.code)).all():
        message = N_(
            "Item %(item)s is a draft in the workshop. Have it approved there, or import these items as drafts."
        )
        raise Refusal("item_is_draft", message, status=409, details={"items": list(found)}, item=found[0])


def _refuse_moved(standing: Mapping[str, _Standing], items: Iterable[BankItem]) -> None:
    """An item's code means one place in one scheme for ever."""
    for item in items:
        before = standing.get(item.id)
        if before and (before.scheme, before.level) != (item.scheme, item.level):
            message = N_(
                "Item %(item)s is already kept under %(scheme)s, level %(level)s. Give the new item a code of its own."
            )
            raise Refusal(
                "item_elsewhere", message, item=item.id, scheme=before.scheme, level=before.level
            )  # fmt: skip


def version_row(row: Item, number: int, item: BankItem, shared: Mapping[str, StimulusVersion]) -> ItemVersion:
    return ItemVersion(item=row, number=number, **_values(item, item.digest(), shared))


def _values(item: BankItem, digest: str, shared: Mapping[str, StimulusVersion]) -> dict[str, Any]:
    return {
        "type": item.type, "row": item.row, "content": item.content, "point": item.point,
        "difficulty": item.difficulty, "stem": item.stem, "options": dict(item.options), "key": item.stored_key(),
        "rationale": item.rationale, "source": item.source, "author": item.author, "reviewer": item.reviewer,
        "status": item.status, "seconds": item.seconds, "case": item.case, "feedback": dict(item.feedback),
        "criteria": [{"text": one.text, "points": str(one.points)} for one in item.criteria],
        "media": {name: one.sha256 for name, one in item.media.items()},
        "stimulus_version_id": shared[item.stimulus.digest()].id if item.stimulus else None, "digest": digest,
    }  # fmt: skip


def _keep_enemies(session: Session, items: Sequence[BankItem]) -> tuple[int, int]:
    codes = {item.id for item in items}
    wanted = {tuple(sorted((item.id, enemy))) for item in items for enemy in item.enemies}
    rows = session.execute(select(Item.code, Item.id).where(Item.code == any_(_array(list(codes.union(*wanted))))))
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
