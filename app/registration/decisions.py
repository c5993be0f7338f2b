"""The registrar's decision about an application."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.registration import Application, ApplicationStatus
from app.registration.eligibility import refuse_unless_eligible
from app.registration.facts import reasons_against_application
from app.registration.locks import locked


def admit(session: Session, actor: Actor, application_id: int, now: datetime, reason: str = "") -> Application:
    """Refused while any reason against stands on the day of the decision."""
    application = _waiting(session, actor, application_id)
    refuse_unless_eligible(reasons_against_application(session, application, now))
    return _decide(session, actor, application, ApplicationStatus.ADMITTED, now, reason)


def refuse(session: Session, actor: Actor, application_id: int, reason: str, now: datetime) -> Application:
    if not said(reason):
        raise Refusal("reason_missing", N_("Give the reason. The applicant reads it and learns what to mend."))
    application = _waiting(session, actor, application_id)
    return _decide(session, actor, application, ApplicationStatus.REFUSED, now, reason)


def _waiting(session: Session, actor: Actor, application_id: int) -> Application:
    application = locked(session, Application, application_id)
    if actor.user_id is not None and application.candidate.user_id == actor.user_id:
        raise Refusal(
            "own_application",
            N_("Nobody decides their own application. Ask another registrar."),
            status=403,
        )
    if application.status != ApplicationStatus.SUBMITTED:
        raise Refusal(
            "application_not_waiting",
            N_("This application does not wait for a decision: it was decided, withdrawn, or not handed in yet."),
            status=409,
            details={"status": application.status},
        )
    return application


def _decide(
    session: Session, actor: Actor, application: Application, status: ApplicationStatus, now: datetime, reason: str
) -> Application:
    check_reason(reason)
    application.status, application.decided_at = status, now
    application.decided_by, application.decision_reason = actor.user_id, reason.strip()
    audit.record(session, f"application:{status}", actor, "application", application.id, reason=reason.strip())
    return application
