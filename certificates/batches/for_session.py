"""Issuing for everybody seated in a session: ordered in one step, worked off by whoever is there, told seat by seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.models.certificate import Certificate, CertificateOrder, OrderState
from app.models.registration import Application, Candidate, Seat
from app.registration.facts import day_of
from app.registration.planning import exam_session
from certificates.batches.working import AT_ONCE, work
from certificates.register import orders
from certificates.register.dossier import STANDING
from certificates.register.eligibility import Reason
from certificates.signing.seals import IssuerChoice

STATUSES = ("issued", "already", "refused", "waiting")
_SAYS = {OrderState.DONE: "issued", OrderState.REFUSED: "refused", OrderState.WAITING: "waiting"}


@dataclass(frozen=True)
class Outcome:
    """What became of one candidate in a batch: `issued`, `already`, `refused` with every reason, or `waiting` with
    what it waits for."""

    seat: int
    application_id: int
    holder: str
    status: str
    serial: str | None = None
    reasons: tuple[Reason, ...] = ()


def order_for_session(
    session: Session, actor: Actor, session_id: int, now: datetime, choose: IssuerChoice
) -> Sequence[int]:
    """The orders that this makes or wakes. Refuses where there is no key to sign with at all."""
    choose(exam_session(session, session_id).demonstration)
    return orders.place_for_session(session, actor, session_id, now, day_of(now))


def issue_for_session(
    session: Session,
    actor: Actor,
    session_id: int,
    now: datetime,
    choose: IssuerChoice,
    ordered: Sequence[int] | None = None,
) -> Iterator[Outcome]:
    """An outcome for each one seated, in turn. The caller commits after each, and the orders before if a crash is to
    leave them standing for the worker: then it gives them here as `order_for_session` told them."""
    waiting = order_for_session(session, actor, session_id, now, choose) if ordered is None else ordered
    seats = session.execute(
        select(Seat.number, Seat.application_id, Candidate.name)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Seat.session_id == session_id)
        .order_by(Seat.number)
    ).all()
    by_application = dict(_applications(session, waiting))
    plain = [Outcome(number, application, name, "already") for number, application, name in seats]
    for start in range(0, len(plain), AT_ONCE):
        handful = plain[start : start + AT_ONCE]
        mine = [by_application[one.application_id] for one in handful if one.application_id in by_application]
        if mine:
            _worked(session, mine, now, choose, actor)
        yield from _told(session, handful, mine)


def _applications(session: Session, numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Application → its order."""
    query = select(CertificateOrder.application_id, CertificateOrder.id).where(CertificateOrder.id.in_(numbers))
    return [(application, order) for application, order in session.execute(query)]


def _worked(session: Session, numbers: Sequence[int], now: datetime, choose: IssuerChoice, actor: Actor) -> None:
    """Those that still wait and are due: after an outage they are not, and nobody is asked for them again now."""
    while due := [one for one in orders.take_these(session, numbers) if one.not_before <= now]:
        work(session, due, now, choose, actor)


def _told(session: Session, handful: Sequence[Outcome], mine: Sequence[int]) -> Iterator[Outcome]:
    query = select(CertificateOrder, Certificate.serial).outerjoin(
        Certificate, Certificate.id == CertificateOrder.certificate_id
    )
    query = query.where(CertificateOrder.id.in_(mine)).execution_options(populate_existing=True)
    found = {order.application_id: (order, serial) for order, serial in session.execute(query)} if mine else {}
    standing = _standing(session, [one.application_id for one in handful if one.application_id not in found])
    for one in handful:
        if one.application_id in found:
            yield _of_order(one, *found[one.application_id])
        else:
            yield _with(one, "already", standing.get(one.application_id), ())


def _standing(session: Session, applications: Sequence[int]) -> dict[int, str]:
    query = (
        select(Application.id, Certificate.serial)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(
            Certificate,
            (Certificate.person == Candidate.identity_hash)
            & (Certificate.scheme == Application.scheme)
            & (Certificate.level == Application.level),
        )
        .where(Application.id.in_(applications), Certificate.status.in_(STANDING))
    )
    return {row.id: row.serial for row in session.execute(query)} if applications else {}


def _of_order(one: Outcome, order: CertificateOrder, serial: str | None) -> Outcome:
    status = _SAYS.get(OrderState(order.state), "refused")
    return _with(one, status, serial, () if serial else orders.reasons_of(order))


def _with(one: Outcome, status: str, serial: str | None, reasons: tuple[Reason, ...]) -> Outcome:
    return Outcome(one.seat, one.application_id, one.holder, status, serial, reasons)
