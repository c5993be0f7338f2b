"""Orders: that somebody decided to issue. They are worked off by whoever is free, and what cannot be signed now waits.

An order is worked in one transaction that holds its row: the certificate stands and the order is done, or nothing
happened. Taking skips what another holds, so that any number of workers share the orders and none is done twice.
Locks are taken in one order everywhere: order, application, person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, JSONB
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import Refusal
from app.models.account import User
from app.models.certificate import CertificateOrder, OrderState
from certificates.register.eligibility import Reason

MOST_TRIES = 5
"""Of one order that breaks by itself; what only waits for somebody else is tried for ever."""
SOONEST, LATEST = 15, 600
_NEW = "INSERT INTO certificate_order (application_id, session_id, asked_by, asked_at, not_before)"
_AGAIN = (
    " ON CONFLICT (application_id) WHERE state = 'waiting' DO UPDATE SET not_before = excluded.not_before RETURNING id"
)
_PLACE = text(f"{_NEW} VALUES (:application, :session, :by, :now, :now){_AGAIN}")
_PLACE_FOR_SESSION = text(
    f"{_NEW} SELECT s.application_id, :session, :by, :now, :now FROM seat s"  # noqa: S608
    " JOIN application a ON a.id = s.application_id JOIN candidate c ON c.id = a.candidate_id"
    " WHERE s.session_id = :session AND NOT EXISTS (SELECT FROM certificate k WHERE k.person = c.identity_hash"
    " AND k.scheme = a.scheme AND k.level = a.level AND k.status IN ('valid', 'suspended')"
    " AND (k.expires_on IS NULL OR k.expires_on >= :today))"
    f" ORDER BY s.number{_AGAIN}"
)
_TAKE = text(
    "SELECT id FROM certificate_order WHERE state = 'waiting' AND not_before <= :now"
    " ORDER BY not_before, id LIMIT :most FOR UPDATE SKIP LOCKED"
)
_DONE = text(
    "UPDATE certificate_order o SET state = 'done', ended_at = :now, reasons = '[]', certificate_id = d.certificate"
    " FROM unnest(CAST(:orders AS bigint[]), CAST(:certificates AS bigint[])) AS d (id, certificate) WHERE o.id = d.id"
)
_POSTPONE = text(
    "UPDATE certificate_order SET tries = tries + 1, reasons = :reasons, not_before = CAST(:now AS timestamptz)"
    " + make_interval(secs => least(:soonest * 2 ^ least(tries, 10), :latest))"
    " WHERE id IN (SELECT id FROM certificate_order WHERE state = 'waiting' AND not_before <= :now"
    " FOR UPDATE SKIP LOCKED)"
).bindparams(bindparam("reasons", type_=JSONB), soonest=SOONEST, latest=LATEST)
_BROKEN = text(
    "UPDATE certificate_order SET tries = tries + 1, reasons = :reasons, not_before = CAST(:now AS timestamptz)"
    " + make_interval(secs => least(:soonest * 2 ^ least(tries, 10), :latest)),"
    " state = CASE WHEN tries + 1 >= :most THEN 'failed' ELSE state END,"
    " ended_at = CASE WHEN tries + 1 >= :most THEN CAST(:now AS timestamptz) END"
    " WHERE id = :order AND state = 'waiting'"
).bindparams(bindparam("reasons", type_=JSONB), soonest=SOONEST, latest=LATEST, most=MOST_TRIES)
_SOONER = text(
    "UPDATE certificate_order SET not_before = :now WHERE state = 'waiting' AND not_before > :now"
    " AND session_id = :session"
)


def place(session: Session, actor: Actor, application_id: int, now: datetime, session_id: int | None = None) -> int:
    """The order for one application; one that waits already is that order, and is tried at once."""
    told = {"application": application_id, "session": session_id, "by": actor.user_id, "now": now}
    number: int = session.scalars(_PLACE, told).one()
    audit.record(session, "certificate:ordered", actor, "application", application_id)
    return number


def place_for_session(session: Session, actor: Actor, session_id: int, now: datetime, today: Any) -> list[int]:
    """Orders for everybody seated who has no certificate of the level, in the order of their seats."""
    told = {"session": session_id, "by": actor.user_id, "now": now, "today": today}
    numbers = list(session.scalars(_PLACE_FOR_SESSION, told))
    if numbers:
        audit.record(session, "certificate:ordered", actor, "session", session_id, count=len(numbers))
    return numbers


def hold(session: Session, application_id: int) -> int | None:
    """The waiting order of an application, locked."""
    query = select(CertificateOrder.id).where(
        CertificateOrder.application_id == application_id, CertificateOrder.state == OrderState.WAITING
    )
    return session.scalar(query.with_for_update())


def take(session: Session, now: datetime, most: int) -> Sequence[CertificateOrder]:
    """Some that are due and that nobody holds."""
    return _rows(session, list(session.scalars(_TAKE, {"now": now, "most": most})), locked=False)


def take_these(session: Session, numbers: Sequence[int]) -> Sequence[CertificateOrder]:
    """As many of them as still wait; for those that another holds, this waits."""
    return _rows(session, numbers, locked=True)


def done(session: Session, certificates: Mapping[int, int], now: datetime) -> None:
    """Order → its certificate."""
    if certificates:
        told = {"orders": list(certificates), "certificates": list(certificates.values()), "now": now}
        session.execute(_DONE.bindparams(bindparam("orders", type_=ARRAY(BIGINT))), told)


def refused(session: Session, order_id: int, reasons: Iterable[Reason], now: datetime) -> None:
    """Over: once the reasons are mended, somebody decides anew."""
    ended = {"state": OrderState.REFUSED, "ended_at": now, "reasons": [kept(one) for one in reasons]}
    session.execute(update(CertificateOrder).where(CertificateOrder.id == order_id).values(**ended))


def postpone(session: Session, problem: Refusal, now: datetime) -> int:
    """Everything that is due waits, longer each time: who did not answer for one will not answer for the next."""
    reason = kept(Reason(problem.code, problem.message, {**problem.params, **problem.details}))
    return int(session.execute(_POSTPONE, {"reasons": [reason], "now": now}).rowcount)  # type: ignore[attr-defined]


def broken(session: Session, order_id: int, reason: Reason, now: datetime) -> None:
    """Tried again after a while, and given up when it keeps breaking."""
    session.execute(_BROKEN, {"reasons": [kept(reason)], "order": order_id, "now": now})


def sooner(session: Session, actor: Actor, session_id: int, now: datetime) -> int:
    """What waits for another try is tried now."""
    count = int(session.execute(_SOONER, {"session": session_id, "now": now}).rowcount)  # type: ignore[attr-defined]
    if count:
        audit.record(session, "certificate:tried_again", actor, "session", session_id, count=count)
    return count


def deciders(session: Session, taken: Iterable[CertificateOrder], shell: Actor) -> dict[int | None, Actor]:
    """Who decided, by number: an order stands for their decision, whoever works it off. `shell` is for nobody's."""
    numbers = {one.asked_by for one in taken if one.asked_by is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(numbers))) if numbers else ()
    return {None: shell, **{number: Actor(number, name, shell.via) for number, name in rows}}


def kept(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "message": reason.message, "params": dict(reason.params)}


def reasons_of(order: CertificateOrder) -> tuple[Reason, ...]:
    return tuple(Reason(one["code"], one["message"], one["params"]) for one in order.reasons)


def _rows(session: Session, numbers: Sequence[int], *, locked: bool) -> Sequence[CertificateOrder]:
    query = select(CertificateOrder).where(CertificateOrder.id.in_(numbers)).order_by(CertificateOrder.id)
    query = query.execution_options(populate_existing=True)
    if locked:
        query = query.where(CertificateOrder.state == OrderState.WAITING).with_for_update()
    return session.scalars(query).all()
