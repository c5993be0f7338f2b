"""A person's name put right, with the document that proves it; the names of before are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import is_plain, said
from app.models.account import User
from app.models.certificate_life import NameCorrection
from app.models.registration import Application, ApplicationStatus, Candidate
from app.registration.naming import NameToConfirm
from app.registration.profiles import Profile, check_profile
from certificates.register.deciders import About, refuse_tied_decider
from certificates.register.revocation import given

LONGEST_DOCUMENT = 200


@dataclass(frozen=True)
class Correction:
    """One name put right, with the name of who did it."""

    made: NameCorrection
    by: str | None


def person_of(session: Session, application_id: int) -> Application:
    """An application that was handed in; a draft is nobody's business but its writer's."""
    found = session.get(Application, application_id)
    if found is None or found.status == ApplicationStatus.DRAFT:
        raise NotFound()
    return found


def correct_name(
    session: Session, actor: Actor, application_id: int, name: str, reason: str, document: str, now: datetime,
    *, understood: str = "",
) -> NameCorrection:  # fmt: skip
    """Certificates issued before bear the old name until each is replaced.

    `understood` is what the name was read as, where it had to be read otherwise than typed and the answer was yes.
    """
    application = person_of(session, application_id)
    refuse_tied_decider(session, actor, About(application.candidate, application.scheme, application.level))
    reason, document = given(reason), _document(document)
    reading = check_profile(Profile(name=name))
    if reading.asks and understood != reading.name:
        raise NameToConfirm(reading)
    candidate = session.get_one(Candidate, application.candidate_id, with_for_update=True, populate_existing=True)
    before, after = candidate.name, reading.name
    if before == after:
        raise Refusal("name_same", N_("This is the name on file already. Nothing was changed."), status=409)
    candidate.name, candidate.name_as_typed = after, reading.original
    made = NameCorrection(
        candidate_id=candidate.id, before=before, after=after, reason=reason, document=document, at=now,
        by=actor.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, "candidate:name:corrected", actor, "candidate", candidate.id,
                 before=before, after=after, reason=reason, document=document)  # fmt: skip
    return made


def corrections(session: Session, candidate_id: int) -> Sequence[Correction]:
    """Every name a person had here, the latest correction first."""
    rows = session.execute(
        select(NameCorrection, User.name)
        .outerjoin(User, User.id == NameCorrection.by)
        .where(NameCorrection.candidate_id == candidate_id)
        .order_by(NameCorrection.id.desc())
    )
    return [Correction(made, by) for made, by in rows]


def _document(document: str) -> str:
    document = said(document)
    if not document:
        raise Refusal("document_missing", N_("Name the document that proves the right name, and its number or date."))
    if len(document) > LONGEST_DOCUMENT or not is_plain(document):
        raise Refusal(
            "document_invalid",
            N_("Name the document in at most %(count)s ordinary characters."),
            count=LONGEST_DOCUMENT,
        )
    return document
