"""Remarks on a revision or one of its fields, and whether they were dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.workshop import ItemRevision, RevisionComment
from question_bank.workshop.content import FIELDS
from question_bank.workshop.subject import hold, note

LONGEST = 2000


def add_comment(
    session: Session, actor: Actor, item_id: int, text: str, now: datetime, field: str = ""
) -> RevisionComment:
    """On the open revision; `field` names the whole of it when empty, or a field such as `options.B`."""
    subject = hold(session, item_id)
    if field and (field.partition(".")[0] not in FIELDS or len(field) > 60):
        raise Refusal("comment_field", N_("An item has no field “%(field)s”. Check its spelling."), field=field[:60])
    comment = _add(session, actor, subject.revision(), text, now, field=field)
    note(session, "commented", actor, subject.item, comment=comment.id, field=field)
    return comment


def resolve(session: Session, actor: Actor, item_id: int, comment_id: int, now: datetime, *, done: bool = True) -> None:
    """Dealt with, or, without `done`, open again."""
    subject = hold(session, item_id)
    comment = session.get(RevisionComment, comment_id)
    if comment is None or comment.revision.item_id != item_id:
        raise NotFound
    if (comment.resolved_at is not None) == done:
        return
    comment.resolved_at, comment.resolved_by = (now, actor.user_id) if done else (None, None)
    session.flush()
    note(session, "comment:resolved" if done else "comment:reopened", actor, subject.item, comment=comment.id)


def verdict(session: Session, actor: Actor, revision: ItemRevision, reason: str, now: datetime) -> RevisionComment:
    """Why a reviewer sends a revision back; the caller leaves the line."""
    return _add(session, actor, revision, reason, now, verdict=True)


def comments_of(session: Session, item_id: int) -> Sequence[RevisionComment]:
    """On all revisions of the item, the oldest first."""
    query = select(RevisionComment).join(ItemRevision).where(ItemRevision.item_id == item_id)
    return session.scalars(query.order_by(RevisionComment.id)).all()


def _add(
    session: Session, actor: Actor, revision: ItemRevision, text: str, now: datetime, field: str = "",
    verdict: bool = False,
) -> RevisionComment:  # fmt: skip
    if not 1 <= len(text.strip()) <= LONGEST:
        message = N_("Write a comment of at most %(most)s characters that says what to change and why.")
        raise Refusal("comment_needed", message, most=LONGEST)
    comment = RevisionComment(
        revision_id=revision.id, edition=revision.edition, field=field, text=text.strip(), verdict=verdict,
        author_id=actor.user_id, author_name=actor.name, at=now,
    )  # fmt: skip
    session.add(comment)
    session.flush()
    return comment
