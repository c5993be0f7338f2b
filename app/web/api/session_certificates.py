"""A session's certificates: issued together, how far that is, and all of them as one file."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, stream_with_context
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.registration.planning import exam_session
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.reasons import listed
from certificates.batches import progress
from certificates.batches.bundle import bundle
from certificates.batches.for_session import STATUSES, Outcome, issue_for_session, order_for_session
from certificates.signing.seals import issuers


class ReasonAnswer(Body):
    code: str
    message: str


class IssueOutcome(Body):
    seat: int
    application: int
    holder: str
    status: str = Field(description="issued, already, refused, or waiting: decided, and tried again by itself")
    serial: str | None
    reasons: list[ReasonAnswer]


class IssueReport(Body):
    issued: int
    already: int
    refused: int
    waiting: int
    outcomes: list[IssueOutcome]


class IssueProgress(Body):
    ordered: int = Field(description="In the latest batch, as long as one of its orders is open")
    done: int
    due: int = Field(description="Being signed, or next")
    delayed: int = Field(description="Waiting for another try, since somebody outside did not answer")
    since: datetime | None
    next_try: datetime | None
    reasons: list[ReasonAnswer]


@operation("POST", "/sessions/<id:session_id>/certificates", Permission.ISSUE_CERTIFICATES,
           "Issue for everybody seated in a session", returns=IssueReport, errors=(409, 503))  # fmt: skip
def issue(session_id: int) -> IssueReport:
    choose, actor, outcomes = issuers(current_app.extensions["settings"]), principal().actor, []
    ordered = order_for_session(db.session(), actor, session_id, clock.now(), choose)
    db.session.commit()
    for one in issue_for_session(db.session(), actor, session_id, clock.now(), choose, ordered):
        db.session.commit()
        outcomes.append(_outcome(one))
    counts = {status: sum(one.status == status for one in outcomes) for status in STATUSES}
    return IssueReport(**counts, outcomes=outcomes)


@operation("GET", "/sessions/<id:session_id>/certificates", Permission.READ_RESULTS,
           "How far the certificates of a session are", returns=IssueProgress)  # fmt: skip
def show(session_id: int) -> IssueProgress:
    exam_session(db.session(), session_id)
    found = progress.of_session(db.session(), session_id, clock.now())
    return IssueProgress(
        ordered=found.total, done=found.done, due=found.due, delayed=found.delayed, since=found.since,
        next_try=found.next_try, reasons=[ReasonAnswer(**reason) for reason in listed(found.reasons)],
    )  # fmt: skip


@operation("GET", "/sessions/<id:session_id>/certificates/zip", Permission.READ_REGISTER,
           "All certificates of a session, with a list of them", media_type="application/zip")  # fmt: skip
def zip_file(session_id: int) -> Response:
    exam_session(db.session(), session_id)
    return bundled(session_id)


def bundled(session_id: int) -> Response:
    """Sent while it is made."""
    pieces = stream_with_context(bundle(db.session(), session_id, clock.now()))
    headers = {"Content-Disposition": f'attachment; filename="certificates-session-{session_id}.zip"'}
    return Response(pieces, mimetype="application/zip", headers=headers)


def _outcome(one: Outcome) -> IssueOutcome:
    return IssueOutcome(
        seat=one.seat, application=one.application_id, holder=one.holder, status=one.status, serial=one.serial,
        reasons=[ReasonAnswer(**reason) for reason in listed(one.reasons)],
    )  # fmt: skip
