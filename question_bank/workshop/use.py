"""Putting approved revisions in use, taking items out of use, and bringing them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason
from app.models.account import User
from app.models.bank import Item, ItemState, ItemUse, ItemVersion, Stimulus, StimulusVersion
from app.models.workshop import RevisionState
from question_bank.bank_item import BankItem
from question_bank.items import one_at_a_time, version_row
from question_bank.materials import keep_materials
from question_bank.pool import newest_ids
from question_bank.uses import change_uses, refuse_mixed
from question_bank.workshop.completeness import item_of
from question_bank.workshop.review import Media, check_base, check_content, contents
from question_bank.workshop.subject import Seen, Subject, hold, note


def put_in_use(session: Session, actor: Actor, item_id: int, seen: Seen, now: datetime) -> ItemVersion:
    """The approved revision becomes the item's next version, which papers are drawn from."""
    one_at_a_time(session)
    subject = hold(session, item_id)
    subject.seen(seen)
    media = contents(session, subject)
    check_use(subject, media)
    apart = stimuli_apart(session, [subject], media)
    if item_id in apart:
        raise apart[item_id]
    return do_use(session, actor, [subject], media, now)[0]


def retire(session: Session, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """On no new paper from now on; papers drawn before keep it."""
    subject = hold(session, item_id)
    check_retire(subject, reason)
    return do_state(session, actor, subject, ItemState.RETIRED, reason)


def reinstate(session: Session, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """In use again, as its newest version."""
    subject = hold(session, item_id)
    check_reinstate(subject, reason)
    return do_state(session, actor, subject, ItemState.IN_USE, reason)


def change_use(session: Session, actor: Actor, item_id: int, use: ItemUse, reason: str) -> Item:
    """To practice, or back as long as nobody has practised with it; a draft that nobody has seen needs no reason."""
    one_at_a_time(session)
    subject = hold(session, item_id)
    check_reason(reason)
    if subject.newest is not None:
        needed(reason)
    if subject.item.use == use:
        message = N_("Item %(item)s has this use already.")
        raise Refusal("use_unchanged", message, status=409, details={"use": use}, item=subject.item.code)
    change_uses(session, actor, {item_id: use}, reason.strip())
    session.refresh(subject.item)
    return subject.item


def check_use(subject: Subject, media: Media) -> None:
    revision = subject.revision()
    if revision.state != RevisionState.APPROVED:
        message = N_("Item %(item)s is not approved. A reviewer who did not write in it must approve it first.")
        details = {"state": revision.state}
        raise Refusal("not_approved", message, status=409, details=details, item=subject.item.code)
    if subject.item.state == ItemState.RETIRED:
        message = N_("Item %(item)s is retired. Bring it back first, then put its revision in use.")
        raise Refusal("item_retired", message, status=409, item=subject.item.code)
    check_base(subject)
    check_content(subject, media)


def check_retire(subject: Subject, reason: str) -> None:
    needed(reason)
    if subject.item.state != ItemState.IN_USE:
        raise Refusal("item_not_in_use", N_("Item %(item)s is not in use, so it cannot be retired."), status=409,
                      details={"state": subject.item.state}, item=subject.item.code)  # fmt: skip


def check_reinstate(subject: Subject, reason: str) -> None:
    needed(reason)
    if subject.item.state != ItemState.RETIRED or subject.newest is None:
        raise Refusal("item_not_retired", N_("Item %(item)s is not retired, so it cannot be brought back."), status=409,
                      details={"state": subject.item.state}, item=subject.item.code)  # fmt: skip


def needed(reason: str) -> None:
    check_reason(reason)
    if not reason.strip():
        raise Refusal("reason_needed", N_("Give the reason; it stands in the item's history."))


def stimuli_apart(session: Session, subjects: Sequence[Subject], media: Media) -> dict[int, Refusal]:
    """Why some of these would leave shared material with two contents among the items in use."""
    wanted = {subject.item.id: approved(subject, media).stimulus for subject in subjects}
    codes = {one.id for one in wanted.values() if one}
    would: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for code, digest, item in _standing(session, codes, wanted):
        would[code][digest].add(item)
    for subject in subjects:
        if one := wanted[subject.item.id]:
            would[one.id][one.digest()].add(subject.item.code)
    message = N_(
        "Item %(item)s brings another content of its shared material %(stimulus)s, which %(others)s show as it was. "
        "Revise those likewise and put all in use together."
    )
    found = {}
    for subject in subjects:
        one = wanted[subject.item.id]
        if one and len(would[one.id]) > 1:
            others = sorted(set().union(*(items for digest, items in would[one.id].items() if digest != one.digest())))
            found[subject.item.id] = Refusal(
                "stimulus_apart", message, status=409, details={"others": others}, item=subject.item.code,
                stimulus=one.id, others="、".join(others[:5]),
            )  # fmt: skip
    return found


def approved(subject: Subject, media: Media) -> BankItem:
    return item_of(subject.place, subject.revision().content, media)[0]


def do_use(
    session: Session, actor: Actor, subjects: Sequence[Subject], media: Media, now: datetime
) -> list[ItemVersion]:
    signed = _signatures(session, subjects)
    items = [_signed(approved(one, media), *signed[one.item.id]) for one in subjects]
    shared = keep_materials(session, items)
    versions = []
    for subject, item in zip(subjects, items, strict=True):
        revision = subject.revision()
        version = version_row(subject.item, revision.base + 1, item, shared)
        session.add(version)
        subject.item.state = ItemState.IN_USE
        revision.state, revision.closed_at, revision.version_number = RevisionState.IN_USE, now, version.number
        versions.append(version)
    session.flush()
    refuse_mixed(session, [item.id for item in items if item.stimulus])
    for subject in subjects:
        revision = subject.revision()
        note(session, "put_in_use", actor, subject.item, revision=revision.number, version=revision.version_number)
    return versions


def do_state(session: Session, actor: Actor, subject: Subject, state: ItemState, reason: str) -> Item:
    subject.item.state = state
    session.flush()
    tag = "retired" if state == ItemState.RETIRED else "reinstated"
    note(session, tag, actor, subject.item, reason=reason.strip())
    return subject.item


def _standing(session: Session, codes: Iterable[str], but: Mapping[int, object]) -> list[tuple[str, str, str]]:
    """Shared material, its digest and the item, for what is in use and not among these."""
    known = list(codes)
    if not known:
        return []
    query = (
        select(Stimulus.code, StimulusVersion.digest, Item.code)
        .select_from(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(StimulusVersion, StimulusVersion.id == ItemVersion.stimulus_version_id)
        .join(Stimulus, Stimulus.id == StimulusVersion.stimulus_id)
        .where(Stimulus.code.in_(known), Item.state == ItemState.IN_USE, Item.id.not_in(list(but)))
    )
    newest = newest_ids(codes=session.scalars(query.with_only_columns(Item.code).distinct()).all())
    return [(row[0], row[1], row[2]) for row in session.execute(query.where(ItemVersion.id.in_(newest)))]


def _signed(item: BankItem, author: str, reviewer: str) -> BankItem:
    return replace(item, author=author, reviewer=reviewer)


def _signatures(session: Session, subjects: Sequence[Subject]) -> dict[int, tuple[str, str]]:
    """Author and reviewer of the version: whom the content credits, then everybody else who wrote."""
    people = {person for one in subjects for person in (*one.editors, one.revision().approved_by) if person}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(people))).all())
    found = {}
    for one in subjects:
        revision = one.revision()
        first = [revision.author_id] if revision.author_id in one.editors else []
        writers = [*first, *sorted(one.editors - set(first))]
        named = [str(revision.content["author"])] if revision.content["author"] else []
        named += [name for name in (names[person] for person in writers if person) if name not in "".join(named)]
        found[one.item.id] = ("、".join(named)[:100], names[revision.approved_by or 0][:100])
    return found
