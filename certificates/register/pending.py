"""Replacements and renewals that were decided and wait to be signed: tried again until somebody outside answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import Refusal
from app.models.account import User
from app.models.certificate import Certificate
from app.models.certificate_life import SuccessionOrder, SuccessionState
from certificates.register.entries import entry
from certificates.register.grounds import Succession
from certificates.register.replacing import renew, replace
from certificates.signing.seals import IssuerChoice
from certificates.signing.unavailable import Unavailable

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=15)


def succeed(
    session: Session, actor: Actor, serial: str, why: Succession, reason: str, now: datetime, choose: IssuerChoice,
    *, training_hours: int = 0,
) -> Certificate:  # fmt: skip
    """Replaces or renews at once. When nothing can be signed now, the decision is kept and waits, and that is told.

    The caller commits in either case: after `Unavailable` too, so that the decision is not lost.
    """
    try:
        with session.begin_nested():
            return _done(session, actor, serial, why, reason, now, choose, training_hours)
    except Unavailable as problem:
        _wait(session, actor, entry(session, serial), why, reason, now, training_hours, problem)
        raise


def waiting(session: Session, certificate: Certificate) -> SuccessionOrder | None:
    return session.scalar(
        select(SuccessionOrder).where(
            SuccessionOrder.certificate_id == certificate.id, SuccessionOrder.state == SuccessionState.WAITING
        )
    )


def all_waiting(session: Session, limit: int = 50) -> Sequence[SuccessionOrder]:
    query = select(SuccessionOrder).where(SuccessionOrder.state == SuccessionState.WAITING)
    return session.scalars(query.order_by(SuccessionOrder.id).limit(limit)).all()


def work(session: Session, now: datetime, choose: IssuerChoice) -> bool:
    """The next one that is due; False when there is none. The caller commits."""
    query = (
        select(SuccessionOrder)
        .where(SuccessionOrder.state == SuccessionState.WAITING, SuccessionOrder.not_before <= now)
        .order_by(SuccessionOrder.not_before)
        .limit(1)
        .with_for_update(of=SuccessionOrder, skip_locked=True)
    )
    order = session.scalar(query)
    if order is None:
        return False
    try:
        with session.begin_nested():
            made = _done(session, _asker(session, order), order.certificate.serial, Succession(order.why), order.reason,
                         now, choose, order.training_hours)  # fmt: skip
            order.state, order.ended_at, order.successor_id = SuccessionState.DONE, now, made.id
    except Unavailable as problem:
        _postpone(order, problem, now)
    except Refusal as refusal:  # what was decided cannot be done any more, for example since it was revoked meanwhile
        if refusal.status >= 500:
            _postpone(order, refusal, now)
        else:
            order.state, order.ended_at, order.problem = SuccessionState.REFUSED, now, _said(refusal)
    return True


def _done(
    session: Session, actor: Actor, serial: str, why: Succession, reason: str, now: datetime, choose: IssuerChoice,
    training_hours: int,
) -> Certificate:  # fmt: skip
    if why == Succession.RENEWED:
        return renew(session, actor, serial, reason, now, choose, training_hours=training_hours)
    return replace(session, actor, serial, reason, now, choose)


def _wait(
    session: Session, actor: Actor, old: Certificate, why: Succession, reason: str, now: datetime, training_hours: int,
    problem: Refusal,
) -> None:  # fmt: skip
    kept = session.execute(
        insert(SuccessionOrder)
        .values(
            certificate_id=old.id, why=why.value, reason=reason.strip(), training_hours=training_hours,
            problem=_said(problem), not_before=now + FIRST_WAIT, asked_by=actor.user_id, asked_at=now,
        )
        .on_conflict_do_nothing()
        .returning(SuccessionOrder.id)
    ).first()  # fmt: skip
    if kept:
        audit.record(session, "certificate:succession:waits", actor, "certificate", old.serial,
                     why=why.value, reason=reason.strip(), problem=problem.code)  # fmt: skip


def _postpone(order: SuccessionOrder, problem: Refusal, now: datetime) -> None:
    order.tries += 1
    order.problem = _said(problem)
    order.not_before = now + min(FIRST_WAIT * 2 ** min(order.tries, 10), LONGEST_WAIT)


def _asker(session: Session, order: SuccessionOrder) -> Actor:
    user = session.get(User, order.asked_by) if order.asked_by is not None else None
    return Actor(user.id, user.name, "worker") if user else audit.SYSTEM


def _said(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.code, "message": refusal.message, "params": {k: str(v) for k, v in refusal.params.items()}}
