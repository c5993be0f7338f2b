"""People of the workshop, and items at each stage of their life."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.models.account import Role
from app.models.workshop import ItemRevision
from question_bank.workshop import review, revisions, use
from question_bank.workshop.content import Content, content_of
from question_bank.workshop.subject import Seen
from tests.factories import people
from tests.factories.items import bank_item

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SCHEME, LEVEL = "PTS152010301-01", "junior"
_numbers = count(1)


def person(session: Session, *roles: Role) -> Actor:
    user = people.user(session, *(roles or (Role.AUTHOR, Role.REVIEWER)))
    return Actor(user.id, user.name, "test")


def content(**changes: Any) -> Content:
    return content_of(bank_item()) | changes


def draft(session: Session, by: Actor, code: str = "", **changes: Any) -> ItemRevision:
    code = code or f"W-{next(_numbers):03}"
    return revisions.create_item(
        session, by, code=code, scheme=SCHEME, level=LEVEL, content=content(**changes), now=NOW
    )


def seen(revision: ItemRevision) -> Seen:
    return Seen(revision.number, revision.edition)


def approved(session: Session, author: Actor, reviewer: Actor, code: str = "", **changes: Any) -> ItemRevision:
    made = draft(session, author, code, **changes)
    review.submit(session, author, made.item_id, seen(made), NOW)
    return review.approve(session, reviewer, made.item_id, seen(made), NOW)


def in_use(session: Session, author: Actor, reviewer: Actor, code: str = "", **changes: Any) -> int:
    """The number of an item that has gone the whole way."""
    made = approved(session, author, reviewer, code, **changes)
    use.put_in_use(session, reviewer, made.item_id, seen(made), NOW)
    return made.item_id
