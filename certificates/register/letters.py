"""The notice that the holder gets of each decision: words fixed with the decision, bytes when first drawn.

It bears the signature of the house as a certificate does (B-B), so that a forged notice of reinstatement is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import NotFound
from app.core.heavy import apart
from app.models.account import User
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from app.models.certificate_life import CertificateLetter
from app.registration.facts import day_of
from app.schemes.scheme import scheme as scheme_of
from certificates.papers.letter.notice import Notice
from certificates.register.grounds import Succession
from certificates.signing.seals import IssuerChoice

if TYPE_CHECKING:
    from certificates.signing.seal import Seal

SIGNING_REASON = "证书决定通知书 Notice of a decision about a certificate; not a certificate itself"
ISSUED, REINSTATED, RENEWED = "issued", "reinstated", "renewed"


@dataclass(frozen=True)
class House:
    """Who writes, where anyone looks a certificate up, and whose key signs."""

    name: str
    public_url: str
    choose: IssuerChoice


def announce(
    session: Session, actor: Actor, certificate: Certificate, event: CertificateEvent,
    *, successor: Certificate | None = None,
) -> CertificateLetter:  # fmt: skip
    """In the transaction of the decision. The event must have its number already."""
    first = session.scalar(
        select(func.min(CertificateEvent.id)).where(CertificateEvent.certificate_id == certificate.id)
    )
    place = session.scalar(
        select(func.count()).where(
            CertificateEvent.certificate_id == certificate.id, CertificateEvent.id <= event.id
        )
    )  # fmt: skip
    letter = CertificateLetter(
        certificate_id=certificate.id,
        event_id=event.id,
        number=f"{certificate.serial}/{place:02}",
        facts=_facts(session, actor, certificate, event, kind=_kind(event, first == event.id), successor=successor),
    )
    session.add(letter)
    session.flush()
    audit.record(session, "letter:written", actor, "letter", letter.number,
                 certificate=certificate.serial, kind=letter.facts["kind"])  # fmt: skip
    return letter


def letter_of(session: Session, certificate: Certificate, event_id: int) -> CertificateLetter:
    """The letter of one decision. That of the issue is written when somebody first asks for it."""
    found = session.scalar(
        select(CertificateLetter).where(
            CertificateLetter.event_id == event_id, CertificateLetter.certificate_id == certificate.id
        )
    )
    if found is not None:
        return found
    event = session.scalar(
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == certificate.id)
        .order_by(CertificateEvent.id)
        .limit(1)
        .with_for_update()
    )
    if event is None or event.id != event_id:
        raise NotFound()
    again = select(CertificateLetter).where(CertificateLetter.event_id == event_id)
    return session.scalar(again) or announce(session, _decider(session, event), certificate, event)


def drawn(session: Session, certificate: Certificate, event_id: int, house: House, now: datetime) -> CertificateLetter:
    """With its bytes. Whoever asks first has it drawn and signed; from then on it is handed out as it is. Where nothing
    can be signed, this refuses and nothing is kept: the next one who asks tries again."""
    letter_of(session, certificate, event_id)
    query = (
        select(CertificateLetter).where(CertificateLetter.event_id == event_id).options(undefer(CertificateLetter.pdf))
    )
    letter = session.scalars(
        query.with_for_update(of=CertificateLetter).execution_options(populate_existing=True)
    ).one()
    if letter.pdf is None:
        letter.pdf = apart(_sealed, notice(letter, house), house.choose(certificate.demonstration).seal, now)
        letter.sha256, letter.drawn_at = sha256(letter.pdf).hexdigest(), now
        audit.record(session, "letter:drawn", audit.SYSTEM, "letter", letter.number, sha256=letter.sha256)
    return letter


def notice(letter: CertificateLetter, house: House) -> Notice:
    address = f"{house.public_url}/verify/{letter.facts['serial']}"
    return Notice.of(letter.facts, number=letter.number, issuer=house.name, address=address)


def _facts(
    session: Session, actor: Actor, certificate: Certificate, event: CertificateEvent,
    *, kind: str, successor: Certificate | None,
) -> dict[str, Any]:  # fmt: skip
    scheme = scheme_of(certificate.scheme)
    level, day = scheme.level(certificate.level), day_of(event.at)
    before = session.get(Certificate, certificate.replaces_id) if certificate.replaces_id else None
    return {
        "kind": kind,
        "holder": certificate.holder,
        "scheme": (scheme.name, scheme.name_en),
        "level": (level.name, level.name_en),
        "serial": certificate.serial,
        "ground": event.ground,
        "reason": event.reason,
        "decider": actor.name if actor.user_id is not None else "",
        "predecessor": before.serial if before else "",
        "successor": successor.serial if successor else "",
        "new_holder": successor.holder if successor else "",
        "new_term": _written(successor.expires_on) if successor else "",
        "demonstration": certificate.demonstration,
        "issued_on": certificate.issued_on.isoformat(),
        "expires_on": _written(certificate.expires_on),
        "decided_on": day.isoformat(),
        "objection_days": level.objection_days,
        "objections_until": (day + timedelta(days=level.objection_days)).isoformat(),
    }


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _kind(event: CertificateEvent, first: bool) -> str:
    if event.status == CertificateStatus.VALID:
        return ISSUED if first else REINSTATED
    if event.status == CertificateStatus.REPLACED and event.ground != Succession.NAME_CORRECTED:
        return RENEWED
    return event.status


def _decider(session: Session, event: CertificateEvent) -> Actor:
    user = session.get(User, event.by) if event.by is not None else None
    return Actor(user.id, user.name) if user else audit.SYSTEM


def of_file(session: Session, digest: str) -> CertificateLetter | None:
    """The letter that has these bytes."""
    return session.scalar(select(CertificateLetter).where(CertificateLetter.sha256 == digest))


def _sealed(one: Notice, seal: Seal, now: datetime) -> bytes:
    from certificates.papers.letter.pdf import draw  # loaded by whoever draws, not by every command
    from certificates.signing.sign import sign

    return sign(draw(one), seal, reason=SIGNING_REASON, at=now)
