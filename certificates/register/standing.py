"""A certificate as its people see it: what it is worth, what follows from that, and every decision with its letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate, CertificateStatus
from app.models.certificate_life import CertificateLetter
from app.schemes.scheme import scheme as scheme_of
from certificates.register.entries import PAGE, Event, Found, history, worth
from certificates.register.renewal import SOON_MONTHS, Window, months_later, window
from certificates.register.succession import predecessor, successor


@dataclass(frozen=True)
class Standing:
    """One certificate today."""

    certificate: Certificate
    worth: str
    replaced_by: Certificate | None
    replaces: Certificate | None
    term: Window | None
    """When a new term can be had, if the scheme renews."""
    today: date
    events: Sequence[Event] = ()
    with_letter: frozenset[int] = frozenset()
    """Numbers of the events that have a letter; the first one always does, written when it is asked for."""

    @property
    def name_on_file(self) -> str:
        return self.certificate.application.candidate.name

    @property
    def bears_old_name(self) -> bool:
        return self.certificate.holder != self.name_on_file

    @property
    def stands(self) -> bool:
        return self.certificate.status in (CertificateStatus.VALID, CertificateStatus.SUSPENDED)

    @property
    def renewable(self) -> bool:
        """Today, as far as days go."""
        return (
            self.term is not None
            and self.certificate.status == CertificateStatus.VALID
            and self.term.opens_on <= self.today <= self.term.closes_on
        )

    @property
    def ends_soon(self) -> bool:
        ends = self.certificate.expires_on
        return self.worth == "valid" and ends is not None and ends <= months_later(self.today, SOON_MONTHS)


def standing_of(session: Session, certificate: Certificate, today: date) -> Standing:
    events = history(session, certificate)
    lettered = set(
        session.scalars(select(CertificateLetter.event_id).where(CertificateLetter.certificate_id == certificate.id))
    )
    first = {events[0].event.id} if events else set()
    level = scheme_of(certificate.scheme).level(certificate.level)
    return Standing(
        certificate=certificate,
        worth=worth(certificate, today),
        replaced_by=successor(session, certificate),
        replaces=predecessor(session, certificate),
        term=window(level.renewal, certificate.expires_on),
        today=today,
        events=events,
        with_letter=frozenset(lettered | first),
    )


def ending(session: Session, today: date, months: int = SOON_MONTHS, page: int = 1, size: int = PAGE) -> Found:
    """Valid certificates whose term ends within so many months, the next to end first: whom to remind."""
    query = select(Certificate).where(
        Certificate.status == CertificateStatus.VALID,
        Certificate.expires_on >= today,
        Certificate.expires_on <= months_later(today, months),
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Certificate.expires_on, Certificate.id).limit(size).offset((page - 1) * size)
    return Found(session.scalars(ordered).all(), total)


def renewal_of(certificate: Certificate) -> Window | None:
    return window(scheme_of(certificate.scheme).level(certificate.level).renewal, certificate.expires_on)
