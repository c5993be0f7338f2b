"""Who a candidate is: name, identity document, photo, employer and school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit, names
from app.core.audit import Actor
from app.core.crypto import IdentityVault
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.core.images import clean_photo
from app.core.names import Reading
from app.core.texts import is_plain
from app.models.registration import Application, ApplicationStatus, Candidate
from app.registration.identity import Identity, read_identity
from app.registration.naming import NameToConfirm, said_of

MOST_CHARACTERS = 200
_SETTLED = (ApplicationStatus.SUBMITTED, ApplicationStatus.ADMITTED)


@dataclass(frozen=True)
class Profile:
    """What the person typed; an empty `identity_number` keeps the one on file."""

    name: str
    identity_type: str = ""
    identity_number: str = ""
    employer: str = ""
    school: str = ""
    phone: str = ""
    understood: str = ""
    """The name the person said yes to, when theirs was typed with characters that stand for others."""


def candidate_of(session: Session, user_id: int) -> Candidate | None:
    return session.scalar(select(Candidate).where(Candidate.user_id == user_id))


def save_profile(
    session: Session, actor: Actor, user_id: int, profile: Profile, now: datetime, vault: IdentityVault
) -> Candidate:
    """Make or change the person's record. Name and document stay as they are once an application was handed in."""
    reading = check_profile(profile)
    if reading.asks and profile.understood != reading.name:
        raise NameToConfirm(reading)
    candidate = candidate_of(session, user_id)
    identity = _identity_typed(profile, now, required=candidate is None)
    if candidate is None:
        candidate = Candidate(user_id=user_id)
    elif _is_settled(session, candidate):
        _refuse_other_person(candidate, reading, identity, vault)
    if reading.changes or reading.name != candidate.name:
        candidate.name, candidate.name_as_typed = reading.name, reading.original
    candidate.employer, candidate.school = profile.employer.strip(), profile.school.strip()
    candidate.phone = profile.phone.strip()
    if identity:
        fingerprint = vault.fingerprint(identity.kind, identity.number)
        if candidate.identity_hash != fingerprint:
            candidate.identity_hash = fingerprint
            candidate.identity_cipher = vault.seal(identity.number)
        candidate.identity_type, candidate.identity_masked = identity.kind, identity.masked
    _store(session, candidate)
    audit.record(session, "candidate:profile:saved", actor, "candidate", candidate.id,
                 identity=candidate.identity_masked, **said_of(reading))  # fmt: skip
    return candidate


def save_photo(session: Session, actor: Actor, user_id: int, data: bytes) -> None:
    """Keep the cleaned photo. It stands on the certificate, so it is fixed once an application was handed in."""
    candidate = candidate_of(session, user_id)
    if candidate is None:
        raise profile_missing()
    if candidate.photo is not None and _is_settled(session, candidate):
        raise Refusal(
            "photo_fixed",
            N_("An application with this photo was handed in. Withdraw it first, or ask the registrar."),
            status=409,
        )
    candidate.photo = apart(clean_photo, data)
    audit.record(session, "candidate:photo:saved", actor, "candidate", candidate.id)


def photo_of(session: Session, candidate_id: int) -> bytes:
    candidate = session.get(Candidate, candidate_id)
    if candidate is None or candidate.photo is None:
        raise NotFound
    return candidate.photo


def profile_missing() -> Refusal:
    return Refusal("profile_missing", N_("Enter your name and identity document first."), status=409)


def check_profile(profile: Profile) -> Reading:
    """Refuse what cannot be kept; the answer is the name in its standard form."""
    if not 1 <= len(profile.name.strip()) <= MOST_CHARACTERS:
        raise Refusal("name_invalid", N_("Give the person's name, with at most 200 characters."))
    if max(len(profile.employer), len(profile.school), len(profile.phone)) > MOST_CHARACTERS:
        raise Refusal("text_too_long", N_("Employer, school and telephone take at most 200 characters each."))
    if not all(is_plain(text) for text in (profile.employer, profile.school, profile.phone)):
        raise Refusal("text_unprintable", N_("A text holds a character that cannot be printed. Remove it."))
    return names.read(profile.name)


def _identity_typed(profile: Profile, now: datetime, *, required: bool) -> Identity | None:
    if not profile.identity_number.strip() and not required:
        return None
    return read_identity(profile.identity_type, profile.identity_number, now.date())


def _is_settled(session: Session, candidate: Candidate) -> bool:
    settled = exists().where(Application.candidate_id == candidate.id, Application.status.in_(_SETTLED))
    return bool(session.scalar(select(settled)))


def _refuse_other_person(
    candidate: Candidate, reading: Reading, identity: Identity | None, vault: IdentityVault
) -> None:
    same_document = identity is None or vault.fingerprint(identity.kind, identity.number) == candidate.identity_hash
    if names.understood(candidate.name).name != reading.name or not same_document:
        raise Refusal(
            "identity_fixed",
            N_("Name and identity document cannot change while an application is handed in. Ask the registrar."),
            status=409,
        )


def _store(session: Session, candidate: Candidate) -> None:
    try:
        with session.begin_nested():
            session.add(candidate)
    except IntegrityError as error:
        raise Refusal(
            "identity_taken",
            N_("This identity document belongs to another account. Log in with that one, or ask the registrar."),
            status=409,
        ) from error
