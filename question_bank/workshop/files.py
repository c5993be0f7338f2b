"""Files at the workshop's door: what comes in becomes drafts, what goes out is what is in the bank."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import Item
from question_bank import interchange
from question_bank.file_problems import BankInvalid, FileProblem
from question_bank.formats.values import NOTHING_SAID, Defaults, Loss, Written
from question_bank.items import as_bank_item, known_codes
from question_bank.materials import media_of
from question_bank.pool import enemies_of, latest_versions
from question_bank.workshop.drafts_in import TakenIn, take_in_drafts

MOST_OUT = 20_000


@dataclass(frozen=True)
class Received:
    """What a file brought: counts, what its items still miss, and what of it could not be read."""

    items: int
    taken: TakenIn
    missing: tuple[FileProblem, ...]
    losses: tuple[Loss, ...]


def receive(
    session: Session, actor: Actor, name: str, content: bytes, now: datetime, defaults: Defaults = NOTHING_SAID,
    format_name: str | None = None,
) -> Received:  # fmt: skip
    """Everything in the file as drafts or, by the refusal, nothing. For a rehearsal the caller rolls back."""
    found = interchange.read_upload(name, content, defaults, format_name)
    named = {enemy for one in found.items for enemy in one.item.enemies}
    problems = [*found.problems, *interchange.unknown_enemies(found.items, known_codes(session, named))]
    if problems:
        raise BankInvalid(problems)
    if not found.items:
        raise Refusal("file_without_items", N_("The file %(file)s holds no items."), file=name)
    taken = take_in_drafts(session, actor, [one.item for one in found.items], now)
    return Received(len(found.items), taken, tuple(interchange.missing(found.items)), found.losses)


def send(session: Session, actor: Actor, format_name: str, item_ids: Collection[int]) -> Written:
    """The newest versions of these items, keys included, with what the format cannot carry item by item."""
    codes = session.scalars(select(Item.code).where(Item.id.in_(item_ids))).all()
    versions = latest_versions(session, codes=codes)
    if not versions:
        raise Refusal("nothing_to_export", N_("None of these items was ever in use, so there is nothing to export."))
    enemies = enemies_of(session, [version.item_id for version in versions])
    media = media_of(session, versions)
    items = [as_bank_item(version, enemies.get(version.item.code, frozenset()), media) for version in versions]
    audit.record(session, "bank:exported", actor, "bank", None, items=len(items), format=format_name)
    return interchange.write(format_name, items)
