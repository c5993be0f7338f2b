"""Practice exams: begun by anyone who may sit exams, saved and timed like one, marked at once, and of no effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.delivery import marking, papers, refusals, saving, timing
from app.delivery.papers import Form, PaperItem, Shape
from app.delivery.receipts import Change
from app.models.bank import Item, ItemState, ItemUse, ItemVersion
from app.models.practice import Practice, PracticeResponse
from app.schemes.scheme import Level, scheme, schemes
from question_bank import practising
from question_bank.pool import practice_pool

_AT_A_TIME = 20


@dataclass(frozen=True)
class Offer:
    """A level that can be practised: about how many items, in how many minutes."""

    scheme: str
    level: str
    items: int
    minutes: int


def offers(session: Session) -> list[Offer]:
    """Every level that holds enough items for practice."""
    query = select(Item.scheme, Item.level, func.count()).group_by(Item.scheme, Item.level)
    rows = session.execute(query.where(Item.use == ItemUse.PRACTICE, Item.state == ItemState.IN_USE)).all()
    have = {(row[0], row[1]): row[2] for row in rows}
    return [
        _offer(one.code, level)
        for one in schemes().values()
        for level in one.levels
        if have.get((one.code, level.code), 0) >= practising.LEAST
    ]


def begin(session: Session, user_id: int, scheme_code: str, level_code: str, now: datetime) -> Practice:
    """A paper of its own; one of the same level that is still running goes on instead."""
    level = scheme(scheme_code).level(level_code)
    of_level = (Practice.user_id == user_id, Practice.scheme == scheme_code, Practice.level == level.code)
    running = select(Practice).where(*of_level, Practice.submitted_at.is_(None), Practice.deadline > now)
    if (found := session.scalars(running.order_by(Practice.id.desc()).limit(1)).first()) is not None:
        return found
    forms = level.theory.paper.types
    counts = {kind: form.count for kind, form in forms.items()}
    met = _met(session, session.scalars(select(Practice.items).where(*of_level).order_by(Practice.id.desc()).limit(50)))
    drawn = practising.draw(practice_pool(session, scheme_code, level.code), counts, token_hex(16), met)
    if len(drawn) < practising.LEAST:
        message = N_("There are too few items to practise this level with. Choose another level, or come back later.")
        raise Refusal("practice_empty", message, status=409, details={"items": len(drawn)})
    marks = sum(forms[one.item.type].marks for one in drawn)
    allowed = practising.minutes(level.theory.minutes, marks, level.theory.full_marks)
    made = Practice(
        user_id=user_id, scheme=scheme_code, level=level.code, client=uuid4(), started_at=now,
        deadline=now + timedelta(minutes=allowed), marks=Decimal(marks),
        items=[{"version_id": one.item.version_id, "options": list(one.options),
                "marks": str(forms[one.item.type].marks)} for one in drawn],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def own(session: Session, user_id: int, practice_id: int, now: datetime) -> Practice:
    """The asker's own, closed if its time is over, and locked; commit afterwards."""
    found = session.get(Practice, practice_id, with_for_update=True, populate_existing=True)
    if found is None or found.user_id != user_id:
        raise NotFound()
    if found.submitted_at is None and timing.is_over(found.deadline, level_of(found).theory.grace, now):
        _close(session, found, found.deadline)
    return found


def save(session: Session, practice: Practice, client: UUID, changes: Sequence[Change], now: datetime) -> None:
    """Keeps the changes of a locked practice; the same sent again changes nothing."""
    if practice.submitted_at is not None:
        raise closed(practice)
    if practice.client != client:
        raise refusals.client_replaced()
    items = placed(session, practice)
    form = Form.of((Shape(one.item.type, one.item.option_ids) for one in items), level_of(practice).theory.grace)
    standing = responses_of(session, practice)
    latest: dict[int, Change] = {}
    for change in saving.fitting(changes, form):
        there = standing.get(change.position)
        if change.seq > practice.last_seq:
            before = latest.get(change.position)
            keep = before.flagged if before else there.flagged if there else False
            latest[change.position] = replace(change, flagged=keep if change.flagged is None else change.flagged)
        elif there is None or there.seq < change.seq or (there.seq == change.seq and there.answer != [*change.answer]):
            raise _below_last(practice)
    if latest:
        rows = [
            {"practice_id": practice.id, "position": one.position, "answer": [*one.answer],
             "flagged": bool(one.flagged), "seq": one.seq, "saved_at": now}
            for one in latest.values()
        ]  # fmt: skip
        made = insert(PracticeResponse)
        changed = {name: made.excluded[name] for name in ("answer", "flagged", "seq", "saved_at")}
        session.execute(made.on_conflict_do_update(index_elements=["practice_id", "position"], set_=changed), rows)
        practice.last_seq = max(change.seq for change in changes)
        session.flush()


def submit(session: Session, practice: Practice, client: UUID, now: datetime) -> None:
    """A second time changes nothing."""
    if practice.submitted_at is None:
        if practice.client != client:
            raise refusals.client_replaced()
        _close(session, practice, min(now, practice.deadline))


def history(session: Session, user_id: int) -> Sequence[Practice]:
    query = select(Practice).where(Practice.user_id == user_id).order_by(Practice.id.desc()).limit(_AT_A_TIME)
    return session.scalars(query).all()


def responses_of(session: Session, practice: Practice) -> dict[int, PracticeResponse]:
    query = select(PracticeResponse).where(PracticeResponse.practice_id == practice.id)
    return {one.position: one for one in session.scalars(query.execution_options(populate_existing=True))}


def placed(session: Session, practice: Practice) -> list[PaperItem]:
    return papers.placed(session, practice.items)


def level_of(practice: Practice) -> Level:
    return papers.level_of(practice.scheme, practice.level)


def closed(practice: Practice) -> Refusal:
    message = N_("This practice is over. Look at what was right and why, or begin another one.")
    details = {"at": practice.submitted_at.isoformat() if practice.submitted_at else None}
    return Refusal("attempt_closed", message, status=409, details=details)


def running() -> Refusal:
    return Refusal("practice_running", N_("This practice still runs. Hand it in first, then look at it."), status=409)


def _offer(code: str, level: Level) -> Offer:
    forms = level.theory.paper.types
    sizes = practising.sizes({kind: form.count for kind, form in forms.items()})
    marks = sum(count * forms[kind].marks for kind, count in sizes.items())
    minutes = practising.minutes(level.theory.minutes, marks, level.theory.full_marks)
    return Offer(code, level.code, sum(sizes.values()), minutes)


def _met(session: Session, sat: Iterable[list[Any]]) -> frozenset[str]:
    """The codes of what this person practised with lately."""
    versions = {entry["version_id"] for items in sat for entry in items}
    query = select(Item.code).join(ItemVersion).where(ItemVersion.id.in_(versions))
    return frozenset(session.scalars(query)) if versions else frozenset()


def _close(session: Session, practice: Practice, at: datetime) -> None:
    level = level_of(practice)
    answers = {position: one.answer for position, one in responses_of(session, practice).items()}
    marks = marking.marks_of(placed(session, practice), answers, partial=level.theory.paper.partial_credit)
    practice.submitted_at = at
    practice.score = sum((earned for _, earned in marks), Decimal(0))
    practice.marks_by_row = marking.by_row(marks, level)
    session.flush()


def _below_last(practice: Practice) -> Refusal:
    message = N_(
        "A change is numbered at or below %(last_seq)s, the last one stored, and is not that change. "
        "Number it higher and send it again."
    )
    details = {"last_seq": practice.last_seq}
    return Refusal("seq_below_last", message, status=409, details=details, last_seq=practice.last_seq)
