"""One act on many items: first what will happen to each, then exactly that or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.bank import ItemState
from question_bank.items import one_at_a_time
from question_bank.workshop import compromise, review, use
from question_bank.workshop.subject import Subject, hold_many

MOST = 500


class Act(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    PUT_IN_USE = "put_in_use"
    RETIRE = "retire"
    REINSTATE = "reinstate"
    COMPROMISE = "compromise"


WORDS: Mapping[Act, str] = {
    Act.SUBMIT: N_("Goes to the reviewers."),
    Act.APPROVE: N_("Is approved by you."),
    Act.PUT_IN_USE: N_("Is put in use as its next version; new papers are drawn from it."),
    Act.RETIRE: N_("Is retired; no new paper holds it."),
    Act.REINSTATE: N_("Is in use again."),
    Act.COMPROMISE: N_("Is withdrawn at once as compromised."),
}


@dataclass(frozen=True)
class Line:
    """What will happen to one item, or why nothing will: a msgid with its params."""

    item_id: int
    code: str
    happens: bool
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    refusal: str = ""
    """The code of the reason against it."""


@dataclass(frozen=True)
class Preview:
    act: Act
    lines: tuple[Line, ...]
    token: str
    """Stands for the state that was looked at; running with it refuses if anything of it has changed."""

    @property
    def happening(self) -> list[int]:
        return [line.item_id for line in self.lines if line.happens]


def preview(session: Session, actor: Actor, act: Act, item_ids: Collection[int], reason: str = "") -> Preview:
    """In the order of codes. Items that do not exist refuse the whole."""
    return _looked_at(session, actor, act, hold_many(session, _checked(item_ids), lock=False), item_ids, reason)[0]


def run(
    session: Session, actor: Actor, act: Act, item_ids: Collection[int], token: str, now: datetime, reason: str = ""
) -> Preview:
    """Does what the preview of this token announced; answers with it."""
    ids = _checked(item_ids)
    if act == Act.PUT_IN_USE:
        one_at_a_time(session)
    subjects = hold_many(session, ids)
    found, media = _looked_at(session, actor, act, subjects, ids, reason)
    if found.token != token:
        message = N_("Some of these items changed since the preview. Look at the new preview, then run it.")
        raise Refusal("preview_stale", message, status=409)
    happening = [subjects[one] for one in found.happening]
    if act == Act.PUT_IN_USE and happening:
        use.do_use(session, actor, happening, media, now)
    elif act != Act.PUT_IN_USE:
        do = _doing(session, actor, act, reason, now)
        for subject in happening:
            do(subject)
    return found


def _checked(item_ids: Collection[int]) -> Collection[int]:
    if not 1 <= len(set(item_ids)) <= MOST:
        raise Refusal("bulk_size", N_("Choose 1 to %(most)s items at once."), most=MOST)
    return item_ids


def _looked_at(
    session: Session, actor: Actor, act: Act, subjects: Mapping[int, Subject], ids: Collection[int], reason: str
) -> tuple[Preview, review.Media]:
    if len(subjects) < len(set(ids)):
        raise NotFound
    listed = sorted(subjects.values(), key=lambda one: one.item.code)
    media = review.contents(session, *listed) if act in (Act.SUBMIT, Act.APPROVE, Act.PUT_IN_USE) else {}
    check = _checking(session, actor, act, reason, media)
    against = {subject.item.id: _refused(check, subject) for subject in listed}
    if act == Act.PUT_IN_USE:
        fitting = [subject for subject in listed if against[subject.item.id] is None]
        while apart := use.stimuli_apart(session, fitting, media):
            against |= apart
            fitting = [subject for subject in fitting if subject.item.id not in apart]
    lines = tuple(_line(subject, act, against[subject.item.id]) for subject in listed)
    return Preview(act, lines, _token(actor, act, listed, lines, reason)), media


def _refused(check: Callable[[Subject], None], subject: Subject) -> Refusal | None:
    try:
        check(subject)
    except Refusal as refusal:
        return refusal
    return None


def _checking(session: Session, actor: Actor, act: Act, reason: str, media: review.Media) -> Callable[[Subject], None]:
    checks: dict[Act, Callable[[Subject], None]] = {
        Act.SUBMIT: lambda one: review.check_submit(session, one, media),
        Act.APPROVE: lambda one: review.check_approve(session, actor, one, media),
        Act.PUT_IN_USE: lambda one: use.check_use(one, media),
        Act.RETIRE: lambda one: use.check_retire(one, reason),
        Act.REINSTATE: lambda one: use.check_reinstate(one, reason),
        Act.COMPROMISE: lambda one: compromise.check_compromise(one, reason),
    }
    return checks[act]


def _doing(session: Session, actor: Actor, act: Act, reason: str, now: datetime) -> Callable[[Subject], Any]:
    acts: dict[Act, Callable[[Subject], Any]] = {
        Act.SUBMIT: lambda one: review.do_submit(session, actor, one, now),
        Act.APPROVE: lambda one: review.do_approve(session, actor, one, now),
        Act.RETIRE: lambda one: use.do_state(session, actor, one, ItemState.RETIRED, reason),
        Act.REINSTATE: lambda one: use.do_state(session, actor, one, ItemState.IN_USE, reason),
        Act.COMPROMISE: lambda one: compromise.do_compromise(session, actor, one, reason, now),
    }
    return acts[act]


def _line(subject: Subject, act: Act, against: Refusal | None) -> Line:
    item = subject.item
    if against is None:
        return Line(item.id, item.code, True, WORDS[act])
    return Line(item.id, item.code, False, against.message, against.params, against.code)


def _token(actor: Actor, act: Act, subjects: Collection[Subject], lines: Collection[Line], reason: str) -> str:
    state = [
        [one.item.id, one.item.state, str(one.item.compromised_at), one.newest and one.newest.number,
         one.open and [one.open.number, one.open.edition, one.open.round, one.open.state, one.open.approved_by]]
        for one in subjects
    ]  # fmt: skip
    seen = [actor.user_id, act, reason, state, [[line.item_id, line.happens, line.refusal] for line in lines]]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()
