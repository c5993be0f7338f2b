"""Applications, as the registrar decides them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.registration import Application, ApplicationStatus
from app.registration import decisions, queries
from app.registration.facts import reasons_against_application
from app.registration.queries import Filter
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.name_problems import name_problem
from app.web.reasons import listed


class ApplicationFilter(Body):
    status: ApplicationStatus | None = None
    scheme: str = Field("", max_length=100)
    level: str = Field("", max_length=100)
    text: str = Field("", max_length=100)
    page: int = Field(1, ge=1, le=100_000)


class AdmitBody(Body):
    reason: str = Field("", max_length=LONGEST_REASON)


class RefuseBody(Body):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class ApplicationAnswer(Body):
    id: int
    scheme: str
    level: str
    status: ApplicationStatus
    name: str
    identity: str
    submitted_at: datetime | None
    decided_at: datetime | None
    decision_reason: str


class ReasonAnswer(Body):
    code: str
    message: str


class DocumentAnswer(Body):
    id: int
    kind: str
    filename: str
    media_type: str
    sha256: str


class ApplicationDetail(ApplicationAnswer):
    occupation: str
    training_hours: int
    training_mode: str
    training_provider: str
    trainers: str
    recommending_employer: str
    recommended_on: date | None
    name_as_typed: str
    """Empty where the name was typed in its standard form."""
    name_problem: str
    """Why the name cannot be printed on a certificate, or empty."""
    employer: str
    school: str
    documents: list[DocumentAnswer]
    reasons_against: list[ReasonAnswer]


class ApplicationList(Body):
    total: int
    page: int
    applications: list[ApplicationAnswer]


@operation("GET", "/applications", Permission.READ_APPLICATIONS, "Applications handed in", query=ApplicationFilter,
           returns=ApplicationList)  # fmt: skip
def index(query: ApplicationFilter) -> ApplicationList:
    wanted = Filter(query.status or "", query.scheme, query.level, query.text)
    rows, total = queries.applications(db.session(), wanted, query.page)
    return ApplicationList(
        total=total, page=query.page, applications=[ApplicationAnswer.model_validate(_short(row)) for row in rows]
    )


@operation("GET", "/applications/<id:application_id>", Permission.READ_APPLICATIONS,
           "One application, with every reason against it", returns=ApplicationDetail, errors=(404,))  # fmt: skip
def show(application_id: int) -> ApplicationDetail:
    return _detail(queries.handed_in(db.session(), application_id))


@operation("POST", "/applications/<id:application_id>/admit", Permission.DECIDE_APPLICATIONS, "Admit",
           body=AdmitBody, returns=ApplicationDetail, errors=(404, 409))  # fmt: skip
def admit(application_id: int, body: AdmitBody) -> ApplicationDetail:
    row = decisions.admit(db.session(), principal().actor, application_id, clock.now(), body.reason)
    db.session.commit()
    return _detail(row)


@operation("POST", "/applications/<id:application_id>/refuse", Permission.DECIDE_APPLICATIONS, "Refuse with a reason",
           body=RefuseBody, returns=ApplicationDetail, errors=(404, 409))  # fmt: skip
def refuse(application_id: int, body: RefuseBody) -> ApplicationDetail:
    row = decisions.refuse(db.session(), principal().actor, application_id, body.reason, clock.now())
    db.session.commit()
    return _detail(row)


def _short(row: Application) -> dict[str, object]:
    return {
        "id": row.id, "scheme": row.scheme, "level": row.level, "status": row.status, "name": row.candidate.name,
        "identity": row.candidate.identity_masked, "submitted_at": row.submitted_at, "decided_at": row.decided_at,
        "decision_reason": row.decision_reason,
    }  # fmt: skip


def _detail(row: Application) -> ApplicationDetail:
    documents = [
        DocumentAnswer(id=one.id, kind=one.kind, filename=one.filename, media_type=one.media_type, sha256=one.sha256)
        for one in row.documents
    ]
    against = listed(reasons_against_application(db.session(), row, clock.now()))
    return ApplicationDetail.model_validate(
        _short(row)
        | {
            "occupation": row.occupation, "training_hours": row.training_hours, "training_mode": row.training_mode,
            "training_provider": row.training_provider, "trainers": row.trainers,
            "recommending_employer": row.recommending_employer, "recommended_on": row.recommended_on,
            "name_as_typed": row.candidate.name_as_typed, "name_problem": name_problem(row.candidate.name),
            "employer": row.candidate.employer, "school": row.candidate.school, "documents": documents,
            "reasons_against": against,
        }
    )  # fmt: skip
