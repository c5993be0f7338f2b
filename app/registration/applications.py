"""A person's application for one level: from the first draft to handing it in or withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Application, ApplicationStatus, Candidate, Seat
from app.registration.eligibility import refuse_unless_eligible
from app.registration.facts import reasons_against_application
from app.registration.profiles import candidate_of, profile_missing
from app.schemes.scheme import scheme as scheme_of

MOST_HOURS = 100_000


@dataclass(frozen=True)
class Statement:
    """What the applicant states about occupation, training and recommendation."""

    occupation: str = ""
    training_hours: int = 0
    training_mode: str = ""
    training_provider: str = ""
    trainers: str = ""
    recommending_employer: str = ""
    recommended_on: date | None = None


def start_application(
    session: Session, actor: Actor, user_id: int, scheme: str, level: str, *, demonstration: bool = False
) -> Application:
    """A draft, to be filled in steps; the scheme and level are looked up so that 初级 becomes `junior`."""
    found = scheme_of(scheme).level(level)
    if found.demonstration and not demonstration:
        message = N_("This scheme only shows item types and certifies nobody. Choose another one.")
        raise Refusal("scheme_demonstration", message, status=409)
    candidate = candidate_of(session, user_id)
    if candidate is None:
        raise profile_missing()
    application = Application(
        candidate=candidate, scheme=found.scheme, level=found.code, status=ApplicationStatus.DRAFT,
        demonstration=demonstration,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError as error:
        raise Refusal(
            "application_exists",
            N_("There is already an application of yours for this level. Continue with that one."),
            status=409,
        ) from error
    audit.record(session, "application:started", actor, "application", application.id,
                 scheme=found.scheme, level=found.code)  # fmt: skip
    return application


def own_application(session: Session, user_id: int, application_id: int, *, lock: bool = False) -> Application:
    """The applicant's own, or nothing: another's does not exist for them."""
    query = select(Application).join(Candidate).where(Application.id == application_id, Candidate.user_id == user_id)
    if lock:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    application = session.scalar(query)
    if application is None:
        raise NotFound
    return application


def own_draft(session: Session, user_id: int, application_id: int) -> Application:
    application = own_application(session, user_id, application_id, lock=True)
    if application.status != ApplicationStatus.DRAFT:
        raise Refusal(
            "application_handed_in",
            N_("This application was handed in and cannot be changed. Withdraw it first if something is wrong."),
            status=409,
        )
    return application


def save_statement(session: Session, actor: Actor, user_id: int, application_id: int, stated: Statement) -> Application:
    application = own_draft(session, user_id, application_id)
    if not 0 <= stated.training_hours <= MOST_HOURS:
        raise Refusal("training_hours_invalid", N_("Give the hours of training as a whole number from 0 upwards."))
    texts = (stated.occupation, stated.training_mode, stated.recommending_employer, stated.training_provider,
             stated.trainers)  # fmt: skip
    if max(map(len, texts)) > 200:
        raise Refusal("text_too_long", N_("Employer, school and telephone take at most 200 characters each."))
    application.occupation = stated.occupation
    application.training_hours = stated.training_hours
    application.training_mode = stated.training_mode
    application.training_provider = stated.training_provider.strip()
    application.trainers = stated.trainers.strip()
    application.recommending_employer = stated.recommending_employer.strip()
    application.recommended_on = stated.recommended_on
    audit.record(session, "application:statement:saved", actor, "application", application.id)
    return application


def submit(session: Session, actor: Actor, user_id: int, application_id: int, now: datetime) -> Application:
    """Hand it in for decision; handing in twice is handing in once."""
    application = own_application(session, user_id, application_id, lock=True)
    if application.status == ApplicationStatus.SUBMITTED:
        return application
    application = own_draft(session, user_id, application_id)
    refuse_unless_eligible(reasons_against_application(session, application, now))
    application.status, application.submitted_at = ApplicationStatus.SUBMITTED, now
    audit.record(session, "application:submitted", actor, "application", application.id)
    return application


def withdraw(session: Session, actor: Actor, user_id: int, application_id: int, now: datetime) -> Application:
    """Take it back, as long as no place in a session hangs on it."""
    application = own_application(session, user_id, application_id, lock=True)
    if application.status == ApplicationStatus.WITHDRAWN:
        return application
    if application.status == ApplicationStatus.REFUSED:
        raise Refusal("application_decided", N_("This application was already decided. Start a new one."), status=409)
    if session.scalar(select(exists().where(Seat.application_id == application.id))):
        raise Refusal(
            "application_seated",
            N_("You already have a place in a session. Ask the registrar to take it back first."),
            status=409,
        )
    before, application.status = application.status, ApplicationStatus.WITHDRAWN
    audit.record(session, "application:withdrawn", actor, "application", application.id, before=before)
    return application
