"""Making and keeping the credential of a certificate, in the transaction that stores the certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from app.core.errors import N_, Refusal
from app.models.certificate import Certificate
from app.models.register import CertificateCredential
from certificates.register.facts import CertificateFacts, facts_of
from certificates.register.keys import RegisterKey
from certificates.signing.issuer import Issuer
from certificates.twin import badge, published, token
from certificates.twin.places import Place, free_places, place_taken


@dataclass(frozen=True)
class Credential:
    """Ready to be kept: its place in the lists is chosen, and stands in what was signed."""

    uuid: UUID
    token: str
    key: RegisterKey
    list_number: int
    place: int

    @property
    def file(self) -> bytes:
        return self.token.encode("ascii")


def credential_of(session: Session, facts: CertificateFacts, issuer: Issuer) -> Credential | None:
    """Made before the certificate is stored, so that it can be embedded; None where there is no key for it."""
    (made,) = credentials_of(session, [(facts, issuer)])
    return made


def credentials_of(session: Session, given: Sequence[tuple[CertificateFacts, Issuer]]) -> list[Credential | None]:
    """One for each in turn."""
    places: dict[bool, Iterator[Place]] = {}
    for demonstration in (False, True):
        count = sum(facts.demonstration == demonstration for facts, issuer in given if issuer.keys.credential)
        places[demonstration] = iter(free_places(session, demonstration, count))
    return [_made(facts, issuer, places[facts.demonstration]) for facts, issuer in given]


def _made(facts: CertificateFacts, issuer: Issuer, places: Iterator[Place]) -> Credential | None:
    key = issuer.keys.credential
    if key is None:
        return None
    (number, place), uuid = next(places), uuid4()
    return Credential(uuid, _signed(facts, uuid, number, place, issuer), key, number, place)


def _signed(facts: CertificateFacts, uuid: UUID, number: int, place: int, issuer: Issuer) -> str:
    if issuer.keys.credential is None:
        raise key_missing()
    name = list_name(number, demonstration=facts.demonstration)
    status = [badge.status_entry(facts.public_url, name, place, purpose) for purpose in badge.PURPOSES]
    said = badge.credential(facts, uuid, issuer.name, status)
    return token.signed(said, issuer.keys.credential, key_address(facts.public_url, issuer.keys.credential.kid))


def keep(session: Session, certificate_id: int, made: Credential | None, issuer: Issuer, now: datetime) -> None:
    """With its certificate or not at all. Should another one take the place meanwhile, issuing is tried again."""
    keep_all(session, {certificate_id: made}, issuer, now)


def keep_all(session: Session, made: Mapping[int, Credential | None], issuer: Issuer, now: datetime) -> None:
    """Certificate → its credential, of one issuer."""
    published.note(session, issuer.keys, now)
    rows = [
        {
            "certificate_id": certificate,
            "uuid": one.uuid,
            "demonstration": one.key.demonstration,
            "list_number": one.list_number,
            "place": one.place,
            "kid": one.key.kid,
            "token": one.token,
            "at": now,
        }
        for certificate, one in made.items()
        if one is not None
    ]
    if not rows:
        return
    query = insert(CertificateCredential).values(rows).on_conflict_do_nothing()
    if len(session.scalars(query.returning(CertificateCredential.certificate_id)).all()) < len(rows):
        raise place_taken()


def of(session: Session, certificate: Certificate, issuer: Issuer, now: datetime) -> CertificateCredential:
    """The kept one. For a certificate that was issued without, and where its key was given up, it is signed now."""
    query = select(CertificateCredential).where(CertificateCredential.certificate_id == certificate.id)
    query = query.options(undefer(CertificateCredential.token))
    facts = facts_of(certificate, issuer.public_url)
    if found := session.scalar(query):
        return _renewed(session, found, facts, issuer, now)
    made = credential_of(session, facts, issuer)
    if made is None:
        raise key_missing()
    keep(session, certificate.id, made, issuer, now)
    return session.scalars(query).one()


def _renewed(
    session: Session, kept: CertificateCredential, facts: CertificateFacts, issuer: Issuer, now: datetime
) -> CertificateCredential:
    signed_with, key = published.key_of(session, kept.kid), issuer.keys.credential
    if signed_with is None or signed_with.withdrawn_at is None or key is None or key.kid == kept.kid:
        return kept
    published.note(session, issuer.keys, now)
    kept.token = _signed(facts, kept.uuid, kept.list_number, kept.place, issuer)
    kept.kid, kept.at = key.kid, now
    session.flush()
    return kept


def key_missing() -> Refusal:
    return Refusal(
        "credential_key_missing",
        N_("There is no key to sign credentials with. Set CREDENTIAL_KEY to the file of a key, then start again."),
        status=503,
    )


def by_uuid(session: Session, uuid: UUID) -> CertificateCredential | None:
    query = select(CertificateCredential).where(CertificateCredential.uuid == uuid)
    return session.scalar(query.options(undefer(CertificateCredential.token)))


def list_name(number: int, *, demonstration: bool) -> str:
    return f"demo-{number}" if demonstration else str(number)


def key_address(public_url: str, kid: str) -> str:
    return f"{public_url}/register/keys/{kid}"
