"""Works off orders, some at a time: all conditions asked, all drawn and signed, all stored, in one transaction.

Until that transaction is committed nothing of it exists, so a process may be killed at any step; the orders then wait
as before. What is wrong with one person is said of that one's order and holds up no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeGuard

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import logs
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.models.certificate import CertificateOrder
from certificates.register import orders
from certificates.register.dossier import Dossier, dossier_of, standing_certificate
from certificates.register.eligibility import Reason
from certificates.register.issue import Prepared, locked_applications, stored, stored_together
from certificates.register.making import drafted, entry_of, pressed
from certificates.register.seen import see
from certificates.signing.levels import Signed
from certificates.signing.seals import Issuer, IssuerChoice

if TYPE_CHECKING:
    from certificates.drawing.pdf import CertificateFace

log = structlog.get_logger()
AT_ONCE = 40
"""Few enough that others wait for no row long, many enough that a commit costs next to nothing."""
NOBODY = Actor(None, "system", "worker")
_BROKE = N_("Something went wrong while this certificate was made: %(error)s. Nothing was issued; tell the operator.")


@dataclass
class Work:
    """What came of a handful of orders."""

    issued: list[Prepared] = field(default_factory=list)
    settled: int = 0
    """Orders that are over: issued, refused, or found to be done already."""
    outage: Refusal | None = None
    """What keeps everybody's from being signed, such as a time-stamp authority that does not answer: the rest waits."""


def work(
    session: Session, taken: Sequence[CertificateOrder], now: datetime, choose: IssuerChoice, shell: Actor = NOBODY
) -> Work:
    """These orders, locked by this transaction. The caller commits; where this raises, it rolls back."""
    told, done = Work(), dict[int, int]()
    deciders = orders.deciders(session, taken, shell)
    ready = list(_ready(session, taken, deciders, now, choose, told))
    drafts = list(zip((order for order, _ in ready), drafted(session, [one for _, one in ready], now), strict=True))
    pressings = apart(_pressed_all, [(one.face, one.issuer, one.at) for _, one in drafts])
    for (order, draft), result in zip(drafts, pressings, strict=False):
        if isinstance(result, Signed):
            told.issued.append(Prepared(entry_of(draft, result), draft))
            done[order.id] = len(told.issued) - 1
        elif _concerns_all(result):
            told.outage = result
        elif isinstance(result, Refusal):
            orders.refused(session, order.id, [Reason(result.code, result.message, result.params)], now)
            told.settled += 1
        else:
            log.error("certificate_not_made", order=order.id, exc_info=result)
            orders.broken(session, order.id, _fault(result), now)
    _store(session, told, {order.id: deciders[order.asked_by] for order, _ in drafts}, list(done))
    orders.done(session, {order: told.issued[place].certificate.id for order, place in done.items()}, now)
    told.settled += len(done)
    if told.outage is not None:
        orders.postpone(session, told.outage, now)
    return told


def one_by_one(session: Session, numbers: Sequence[int], now: datetime, choose: IssuerChoice) -> None:
    """After a handful could not be stored together: each in a transaction of its own; one that breaks is put off."""
    for number in numbers:
        try:
            work(session, orders.take_these(session, [number]), now, choose)
        except Refusal as refusal:
            session.rollback()
            orders.postpone(session, refusal, now)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            _put_off(session, number, error, now)
        except Exception as error:
            _put_off(session, number, error, now)
        session.commit()


def _put_off(session: Session, number: int, error: Exception, now: datetime) -> None:
    session.rollback()
    log.error("certificate_not_issued", order=number, exc_info=error)
    orders.broken(session, number, _fault(error), now)


def _fault(error: Exception) -> Reason:
    return Reason("fault", _BROKE, {"error": " ".join(logs.said(error).values())})


def _concerns_all(problem: Signed | Exception) -> TypeGuard[Refusal]:
    return isinstance(problem, Refusal) and problem.status >= 500


def _ready(
    session: Session, taken: Sequence[CertificateOrder], deciders: dict[int | None, Actor], now: datetime,
    choose: IssuerChoice, told: Work,
) -> Iterator[tuple[CertificateOrder, Dossier]]:  # fmt: skip
    """Of those with nothing in the way; the others' orders end here."""
    applications = locked_applications(session, [one.application_id for one in taken])
    seen = see(session, list(applications.values()), deciders)
    people = set[tuple[int, str, str]]()
    for order in taken:
        application = applications[order.application_id]
        person = (application.candidate_id, application.scheme, application.level)
        if person in people:  # by another application: that one's turn comes when this one's is stored
            continue
        people.add(person)
        dossier = dossier_of(session, deciders[order.asked_by], application, now, choose, seen)
        if _over(session, order, dossier, now):
            told.settled += 1
        else:
            yield order, dossier


def _over(session: Session, order: CertificateOrder, dossier: Dossier, now: datetime) -> bool:
    standing = standing_certificate(session, dossier.application) if dossier.facts.standing_serial else None
    if standing is not None:
        orders.done(session, {order.id: standing.id}, now)
        return True
    if reasons := dossier.reasons():
        orders.refused(session, order.id, reasons, now)
        return True
    return False


def _pressed_all(given: Sequence[tuple[CertificateFace, Issuer, datetime]]) -> list[Signed | Exception]:
    """In turn, up to the first that meets an outage: those after it would meet it too."""
    results = list[Signed | Exception]()
    for one in given:
        try:
            results.append(pressed(*one))
        except Exception as problem:  # told by the order
            results.append(problem)
            if _concerns_all(problem):
                break
    return results


def _store(session: Session, told: Work, deciders: dict[int, Actor], ordered: Sequence[int]) -> None:
    """By decider, for each line in the log of decisions names who made it."""
    groups: dict[Actor, list[Prepared]] = {}
    for one, order in zip(told.issued, ordered, strict=True):
        if one.draft.dossier.place is not None:
            stored(session, deciders[order], one)
        else:
            groups.setdefault(deciders[order], []).append(one)
    for actor, many in groups.items():
        stored_together(session, actor, many)
