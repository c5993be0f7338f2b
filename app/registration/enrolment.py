"""Enrolling many people at once, as a training provider's list: the same checks as one by one, in few statements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.crypto import IdentityVault
from app.core.errors import N_, Refusal
from app.core.images import clean_photo
from app.core.names import Reading
from app.models.registration import Application, ApplicationStatus, Candidate, Document
from app.registration.applications import Statement
from app.registration.documents import media_type
from app.registration.eligibility import Facts, reasons_against
from app.registration.facts import day_of, standings_of
from app.registration.identity import Identity, read_identity
from app.registration.naming import said_of
from app.registration.profiles import Profile, check_profile
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of


@dataclass(frozen=True)
class Enrolment:
    """One line of the list."""

    user_id: int
    profile: Profile
    photo: bytes
    statement: Statement
    documents: Mapping[str, bytes]
    """Kind of document → its content."""


def register_people(
    session: Session, actor: Actor, people: Sequence[Enrolment], now: datetime, vault: IdentityVault
) -> list[int]:
    """Their candidate numbers, in the order given; all of them or none.

    Names are kept in their standard form, and as the list had them beside it: the person sees both.
    """
    clean = cache(clean_photo)  # lists often repeat a placeholder; the same bytes are worked on once
    rows, said = [], []
    for person in people:
        reading = check_profile(person.profile)
        identity = read_identity(person.profile.identity_type, person.profile.identity_number, now.date())
        rows.append(_candidate_row(person, reading, identity, vault) | {"photo": clean(person.photo)})
        said.append(said_of(reading) | {"identity": identity.masked})
    try:
        with session.begin_nested():
            query = insert(Candidate).returning(Candidate.id, sort_by_parameter_order=True)
            numbers = list(session.scalars(query, rows)) if rows else []
    except IntegrityError as error:
        raise Refusal(
            "identity_taken",
            N_("This identity document belongs to another account. Log in with that one, or ask the registrar."),
            status=409,
        ) from error
    audit.record_many(session, "candidate:profile:saved", actor, "candidate", list(zip(numbers, said, strict=True)))
    return numbers


def admit_many(
    session: Session,
    registrar: Actor,
    level: Level,
    enrolled: Mapping[int, Enrolment],
    now: datetime,
    *,
    demonstration: bool,
) -> list[int]:
    """Applications of these candidates (number → line), admitted; none while anything stands against one of them."""
    held = standings_of(session, enrolled, level.scheme, day_of(now), demonstration)
    problems = list(_problems(registrar, level, enrolled, held, now))
    if problems:
        raise Refusal(
            "enrolment_unfit",
            N_("%(count)s people of the list cannot be admitted; nobody was. The details name each with the reasons."),
            status=409,
            details={"problems": problems},
            count=len(problems),
        )
    common = {"scheme": level.scheme, "level": level.code, "status": ApplicationStatus.ADMITTED, "submitted_at": now,
              "decided_at": now, "decided_by": registrar.user_id, "demonstration": demonstration}  # fmt: skip
    rows = [_application_row(number, line.statement) | common for number, line in enrolled.items()]
    query = insert(Application).returning(Application.id, sort_by_parameter_order=True)
    applications = list(session.scalars(query, rows)) if rows else []
    papers = [row for number, line in zip(applications, enrolled.values(), strict=True)
              for row in _document_rows(number, line)]  # fmt: skip
    if papers:
        session.execute(insert(Document), papers)
    said = [(number, {"scheme": level.scheme, "level": level.code}) for number in applications]
    audit.record_many(session, "application:admitted", registrar, "application", said)
    return applications


def _problems(
    registrar: Actor,
    level: Level,
    enrolled: Mapping[int, Enrolment],
    held: Mapping[int, Mapping[str, str]],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    lower = scheme_of(level.scheme).level(level.prerequisite) if level.prerequisite else None
    for number, line in enrolled.items():
        stated = line.statement
        facts = Facts(
            today=day_of(now), identity=True, photo=True, occupation=stated.occupation,
            training_hours=stated.training_hours, training_mode=stated.training_mode,
            documents=frozenset(line.documents), recommending_employer=stated.recommending_employer,
            recommended_on=stated.recommended_on,
        )  # fmt: skip
        against = reasons_against(level, replace(facts, certificates=held.get(number, {})), lower)
        own = [{"code": "own_application"}] if line.user_id == registrar.user_id else []
        if against or own:
            reasons = own + [reason.as_dict() for reason in against]
            yield {"candidate": number, "name": line.profile.name, "reasons": reasons}


def _candidate_row(person: Enrolment, reading: Reading, identity: Identity, vault: IdentityVault) -> dict[str, Any]:
    profile = person.profile
    return {
        "user_id": person.user_id,
        "name": reading.name,
        "name_as_typed": reading.original,
        "identity_type": identity.kind,
        "identity_cipher": vault.seal(identity.number),
        "identity_hash": vault.fingerprint(identity.kind, identity.number),
        "identity_masked": identity.masked,
        "employer": profile.employer.strip(),
        "school": profile.school.strip(),
        "phone": profile.phone.strip(),
    }


def _application_row(candidate_id: int, stated: Statement) -> dict[str, Any]:
    return {
        "candidate_id": candidate_id,
        "occupation": stated.occupation,
        "training_hours": stated.training_hours,
        "training_mode": stated.training_mode,
        "training_provider": stated.training_provider.strip(),
        "trainers": stated.trainers.strip(),
        "recommending_employer": stated.recommending_employer,
        "recommended_on": stated.recommended_on,
    }


def _document_rows(application_id: int, line: Enrolment) -> Iterator[dict[str, Any]]:
    for kind, content in line.documents.items():
        kept = media_type(content)
        yield {
            "application_id": application_id,
            "kind": kind,
            "filename": f"{kind}.{kept.rsplit('/', 1)[-1]}",
            "media_type": kept,
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
