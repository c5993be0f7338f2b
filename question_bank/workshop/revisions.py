"""Writing: a new item, a revision of one in use, and saving without anybody's work being lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason
from app.models.bank import Item, ItemState
from app.models.workshop import ItemRevision, RevisionEdit, RevisionState
from app.schemes.scheme import scheme as scheme_of
from question_bank.item_shape import is_code
from question_bank.materials import keep_media
from question_bank.media_files import media_fault
from question_bank.stimuli import PICTURES, SOUNDS, Media
from question_bank.workshop.content import Content, media_named, normal
from question_bank.workshop.diff import changed_fields
from question_bank.workshop.subject import (
    Seen,
    Subject,
    hold,
    media_contents,
    note,
    published_content,
)

_NEW_CODES = 0x17E4


def create_item(
    session: Session, actor: Actor, *, code: str, scheme: str, level: str, content: Mapping[str, Any],
    now: datetime, media: Iterable[Media] = (),
) -> ItemRevision:  # fmt: skip
    """A new item as a draft. Its code and its place in the schemes are for ever."""
    if not is_code(code):
        message = N_("An item's code is made of letters, figures, dots and hyphens, such as J5-JQ-001.")
        raise Refusal("item_code_invalid", message)
    known = scheme_of(scheme).level(level).code
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _NEW_CODES})
    if session.scalar(select(Item.id).where(Item.code == code)):
        message = N_("There is an item %(item)s already. Give the new item a code of its own.")
        raise Refusal("item_code_taken", message, status=409, item=code)
    kept = _with_media(session, normal(content), media)
    item = Item(code=code, scheme=scheme, level=known, state=ItemState.DRAFT)
    session.add(item)
    session.flush()
    revision = begin(session, actor, item, 0, kept, now)
    note(session, "created", actor, item, revision=revision.number)
    return revision


def start_revision(session: Session, actor: Actor, item_id: int, now: datetime) -> ItemRevision:
    """A draft from the newest version, which stays in use meanwhile; without any, from what was abandoned last."""
    subject = hold(session, item_id)
    if subject.open:
        message = N_("Item %(item)s is being revised already. Go on with that revision.")
        details = {"revision": subject.open.number}
        raise Refusal("revision_open", message, status=409, details=details, item=subject.item.code)
    base = subject.newest.number if subject.newest else 0
    content = published_content(session, subject.newest) or _last_content(session, item_id)
    revision = begin(session, actor, subject.item, base, content, now)
    note(session, "revision:begun", actor, subject.item, revision=revision.number, base=base)
    return revision


def save(
    session: Session, actor: Actor, item_id: int, seen: Seen, changes: Mapping[str, Any], now: datetime,
    media: Iterable[Media] = (),
) -> ItemRevision:  # fmt: skip
    """Fields not named stay. After a submission or approval it is a draft again and goes round once more."""
    subject = hold(session, item_id)
    revision = _unchanged(session, subject, seen, changes)
    content = _with_media(session, normal(changes, revision.content), media)
    if content == revision.content:
        return revision
    fields = changed_fields(revision.content, content)
    write(session, actor, revision, content, now)
    note(session, "revision:saved", actor, subject.item, revision=revision.number, edition=revision.edition,
         fields=fields)  # fmt: skip
    return revision


def rebase(session: Session, actor: Actor, item_id: int, seen: Seen, now: datetime) -> ItemRevision:
    """Say that a version which came in meanwhile (by an import) was looked at; the draft stands as it is."""
    subject = hold(session, item_id)
    revision = subject.seen(seen)
    revision.base = subject.newest.number if subject.newest else 0
    write(session, actor, revision, dict(revision.content), now)
    note(session, "revision:rebased", actor, subject.item, revision=revision.number, base=revision.base)
    return revision


def abandon(session: Session, actor: Actor, item_id: int, seen: Seen, reason: str, now: datetime) -> ItemRevision:
    """Give the open revision up; what was written stays on record."""
    check_reason(reason)
    subject = hold(session, item_id)
    revision = subject.seen(seen)
    revision.state, revision.closed_at = RevisionState.ABANDONED, now
    revision.approved_by = revision.approved_at = None
    session.flush()
    note(session, "revision:abandoned", actor, subject.item, revision=revision.number, reason=reason.strip())
    return revision


def begin(session: Session, actor: Actor, item: Item, base: int, content: Content, now: datetime) -> ItemRevision:
    """The item is new or held."""
    last = session.scalar(select(func.max(ItemRevision.number)).where(ItemRevision.item_id == item.id)) or 0
    revision = ItemRevision(
        item_id=item.id, number=last + 1, base=base, content=content, state=RevisionState.DRAFT, edition=1, round=1,
        author_id=actor.user_id, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    _keep_edit(session, actor, revision, now)
    return revision


def write(session: Session, actor: Actor, revision: ItemRevision, content: Content, now: datetime) -> None:
    """One more edition of a held revision; whoever writes it may not approve it."""
    if revision.state != RevisionState.DRAFT:
        revision.round += 1
    revision.state, revision.submitted_at, revision.approved_by, revision.approved_at = (
        RevisionState.DRAFT, None, None, None,
    )  # fmt: skip
    revision.content, revision.edition, revision.changed_at = content, revision.edition + 1, now
    session.flush()
    _keep_edit(session, actor, revision, now)


def _keep_edit(session: Session, actor: Actor, revision: ItemRevision, now: datetime) -> None:
    session.add(
        RevisionEdit(revision_id=revision.id, edition=revision.edition, content=revision.content,
                     editor_id=actor.user_id, editor_name=actor.name, at=now)
    )  # fmt: skip
    session.flush()


def _unchanged(session: Session, subject: Subject, seen: Seen, changes: Mapping[str, Any]) -> ItemRevision:
    """Refuses a saving from an older state, with everything needed to bring both together."""
    revision = subject.revision()
    if (revision.number, revision.edition) == (seen.revision, seen.edition):
        return revision
    query = select(RevisionEdit).where(RevisionEdit.revision_id == revision.id)
    same = seen.revision == revision.number
    before = session.scalar(query.where(RevisionEdit.edition == seen.edition)) if same else None
    last = session.scalars(query.order_by(RevisionEdit.edition.desc()).limit(1)).one()
    fields = changed_fields(before.content, revision.content) if before else list(revision.content)
    details = {
        "revision": revision.number, "edition": revision.edition, "by": last.editor_name, "at": last.at.isoformat(),
        "changed": fields, "both": [name for name in fields if name in changes], "content": revision.content,
    }  # fmt: skip
    message = N_(
        "%(by)s saved item %(item)s since you opened it, so yours was not kept yet. "
        "Compare both, then save again what should stand."
    )
    raise Refusal("revision_stale", message, status=409, details=details, by=last.editor_name, item=subject.item.code)


def _with_media(session: Session, content: Content, media: Iterable[Media]) -> Content:
    """Keeps new files and refuses names of files that nobody ever handed in."""
    new = list(media)
    for one in new:
        if fault := media_fault(one, PICTURES | SOUNDS):
            raise Refusal("media_unusable", fault[0], **fault[1])
    keep_media(session, new)
    wanted = media_named(content)
    if missing := wanted - media_contents(session, wanted).keys():
        message = N_("No file with the SHA-256 %(digest)s was handed in. Send the file together with the draft.")
        raise Refusal("media_unknown", message, digest=min(missing))
    return content


def _last_content(session: Session, item_id: int) -> Content:
    query = select(ItemRevision.content).where(ItemRevision.item_id == item_id)
    found: Content | None = session.scalars(query.order_by(ItemRevision.number.desc()).limit(1)).first()
    if found is None:
        raise NotFound
    return found
