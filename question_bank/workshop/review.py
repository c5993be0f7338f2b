"""Judging: submit, take back, approve, send back. Nobody approves what they had a hand in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.workshop import ItemRevision, RevisionState
from question_bank.workshop.comments import verdict
from question_bank.workshop.completeness import Fault, item_of
from question_bank.workshop.content import content_of, media_named
from question_bank.workshop.subject import Seen, Subject, hold, media_contents, note, published

Media = Mapping[str, bytes]


def submit(session: Session, actor: Actor, item_id: int, seen: Seen, now: datetime) -> ItemRevision:
    """Hand a draft to the reviewers. Refuses with everything that is still wrong or missing."""
    subject = hold(session, item_id)
    subject.seen(seen)
    check_submit(session, subject, contents(session, subject))
    return do_submit(session, actor, subject, now)


def take_back(session: Session, actor: Actor, item_id: int, seen: Seen, now: datetime) -> ItemRevision:
    """Out of review again, to go on writing."""
    subject = hold(session, item_id)
    revision = subject.seen(seen)
    _in_state(subject, RevisionState.IN_REVIEW, N_("Item %(item)s is not in review, so there is nothing to take back."))
    return _to_draft(session, actor, subject, revision, "revision:taken_back")


def approve(session: Session, actor: Actor, item_id: int, seen: Seen, now: datetime) -> ItemRevision:
    """For exactly the edition that was read, by somebody who wrote nothing of it."""
    subject = hold(session, item_id)
    subject.seen(seen)
    check_approve(session, actor, subject, contents(session, subject))
    return do_approve(session, actor, subject, now)


def send_back(session: Session, actor: Actor, item_id: int, seen: Seen, reason: str, now: datetime) -> ItemRevision:
    """From review or approval to its authors, with the reason as a comment."""
    subject = hold(session, item_id)
    revision = subject.seen(seen)
    if revision.state not in (RevisionState.IN_REVIEW, RevisionState.APPROVED):
        message = N_("Item %(item)s is not in review, so it cannot be sent back.")
        raise _wrong_state(subject, message)
    verdict(session, actor, revision, reason, now)
    return _to_draft(session, actor, subject, revision, "revision:sent_back", reason=reason.strip())


def contents(session: Session, *subjects: Subject) -> Media:
    """The pictures and sounds of open revisions."""
    wanted = [media_named(subject.open.content) for subject in subjects if subject.open]
    return media_contents(session, set().union(*wanted))


def faults(subject: Subject, media: Media) -> list[Fault]:
    return item_of(subject.place, subject.revision().content, media)[1]


def check_submit(session: Session, subject: Subject, media: Media) -> None:
    subject.revision()
    _in_state(subject, RevisionState.DRAFT, N_("Item %(item)s is not a draft, so it cannot be submitted."))
    check_content(subject, media)
    if subject.newest and content_of(published(session, subject.newest)) == subject.revision().content:
        message = N_("The draft of item %(item)s says the same as its version in use. Change something, or give it up.")
        raise Refusal("revision_unchanged", message, status=409, item=subject.item.code)


def check_approve(session: Session, actor: Actor, subject: Subject, media: Media) -> None:
    revision = subject.revision()
    _in_state(subject, RevisionState.IN_REVIEW, N_("Item %(item)s is not in review, so it cannot be approved."))
    if actor.user_id is None or actor.user_id in subject.editors or actor.user_id == revision.author_id:
        message = N_("You wrote in item %(item)s yourself, so another reviewer must approve it.")
        raise Refusal("four_eyes", message, status=409, item=subject.item.code)
    check_base(subject)
    check_content(subject, media)


def check_base(subject: Subject) -> None:
    newest = subject.newest.number if subject.newest else 0
    if subject.revision().base != newest:
        message = N_(
            "Version %(newest)s of item %(item)s came in while this revision was being written. "
            "Compare the two, then confirm the revision or change it."
        )
        raise Refusal("base_moved", message, status=409, details={"newest": newest}, item=subject.item.code,
                      newest=newest)  # fmt: skip


def check_content(subject: Subject, media: Media) -> None:
    found = faults(subject, media)
    if found:
        problems = [{"field": one.field, "reason": one.message, "params": dict(one.params)} for one in found]
        message = N_("Item %(item)s is not complete: %(count)s places, the first is “%(field)s”. Mend them first.")
        raise Refusal("item_incomplete", message, details={"problems": problems}, item=subject.item.code,
                      count=len(found), field=[found[0].field.partition(".")[0]])  # fmt: skip


def do_submit(session: Session, actor: Actor, subject: Subject, now: datetime) -> ItemRevision:
    revision = subject.revision()
    revision.state, revision.submitted_at = RevisionState.IN_REVIEW, now
    return _noted(session, actor, subject, "revision:submitted")


def do_approve(session: Session, actor: Actor, subject: Subject, now: datetime) -> ItemRevision:
    revision = subject.revision()
    revision.state, revision.approved_by, revision.approved_at = RevisionState.APPROVED, actor.user_id, now
    return _noted(session, actor, subject, "revision:approved")


def _noted(session: Session, actor: Actor, subject: Subject, tag: str, **data: object) -> ItemRevision:
    revision = subject.revision()
    session.flush()
    note(session, tag, actor, subject.item, revision=revision.number, edition=revision.edition, **data)
    return revision


def _to_draft(
    session: Session, actor: Actor, subject: Subject, revision: ItemRevision, tag: str, **data: object
) -> ItemRevision:
    revision.state, revision.round = RevisionState.DRAFT, revision.round + 1
    revision.submitted_at = revision.approved_by = revision.approved_at = None
    return _noted(session, actor, subject, tag, **data)


def _in_state(subject: Subject, state: RevisionState, message: str) -> None:
    if subject.revision().state != state:
        raise _wrong_state(subject, message)


def _wrong_state(subject: Subject, message: str) -> Refusal:
    details = {"state": subject.revision().state}
    return Refusal("revision_state", message, status=409, details=details, item=subject.item.code)
