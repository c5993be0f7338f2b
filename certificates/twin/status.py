"""The lists that tell what a credential is worth now: one bit for each place, read from the register as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.certificate import Certificate, CertificateStatus
from app.models.register import CertificateCredential
from certificates.twin import badge
from certificates.twin.credentials import list_name
from certificates.twin.places import LIST_SIZE

FRESH = timedelta(seconds=30)
"""How long a reader may keep a list: well within the minute in which a decision is to be seen."""
_STANDS, _CLOCKS = timedelta(days=1), timedelta(minutes=5)
"""A list says that it holds since a few minutes: a reader whose clock is late would refuse it as one of the future."""
_NAME = re.compile(r"(demo-)?([1-9][0-9]{0,8})")
_SET_BY = {
    badge.REVOCATION: (CertificateStatus.REVOKED, CertificateStatus.REPLACED),
    badge.SUSPENSION: (CertificateStatus.SUSPENDED,),
}
_EXISTS = text(
    "SELECT EXISTS (SELECT FROM certificate_credential WHERE demonstration = :demonstration AND list_number = :number)"
)


def list_credential(
    session: Session, name: str, purpose: str, issuer: tuple[str, str], now: datetime
) -> dict[str, Any]:
    """Unsigned; `issuer` is the address and the name of the house. NotFound where there is no such list."""
    from openvc.status.issue import build_status_list_credential

    number, demonstration = parsed(name)
    if purpose not in badge.PURPOSES or not _known(session, number, demonstration):
        raise NotFound()
    public_url, house = issuer
    address = f"{public_url}/register/status/{list_name(number, demonstration=demonstration)}/{purpose}"
    return build_status_list_credential(
        id=address,
        issuer=badge.issuer_of(public_url, house),
        bitstring=bits(_places(session, number, demonstration, purpose)),
        status_purpose=purpose,
        valid_from=now - _CLOCKS,
        valid_until=now + _STANDS,
        ttl=int(FRESH.total_seconds() * 1000),
    )


def parsed(name: str) -> tuple[int, bool]:
    found = _NAME.fullmatch(name)
    if not found:
        raise NotFound()
    return int(found[2]), bool(found[1])


def bits(places: Iterable[int]) -> bytearray:
    """The first place is the highest bit of the first byte."""
    made = bytearray(LIST_SIZE // 8)
    for place in places:
        made[place // 8] |= 0x80 >> place % 8
    return made


def _known(session: Session, number: int, demonstration: bool) -> bool:
    return bool(session.scalar(_EXISTS, {"demonstration": demonstration, "number": number}))


def _places(session: Session, number: int, demonstration: bool, purpose: str) -> Iterable[int]:
    return session.scalars(
        select(CertificateCredential.place)
        .join(Certificate, Certificate.id == CertificateCredential.certificate_id)
        .where(
            Certificate.status != CertificateStatus.VALID,
            Certificate.status.in_(_SET_BY[purpose]),
            CertificateCredential.demonstration == demonstration,
            CertificateCredential.list_number == number,
        )
    )
