"""Sheets that registrars build: versions of a level, the draft, and what another registrar decides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.sheet_forms import SheetForm
from app.practical.forms import forms
from app.practical.forms.body import FormBody
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.errors import spoken

Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_REASON)]
Edition = Annotated[int, Field(ge=1, le=2**31)]


class FieldProblem(Body):
    """What does not fit yet: the field by its path in the body, and how to mend it."""

    where: str
    reason: str


class FormSummary(Body):
    id: int
    scheme: str
    level: str
    number: int
    state: str
    author: str
    approved_by: str | None
    reason: str
    remark: str
    submitted_at: datetime | None
    decided_at: datetime | None


class FormAnswer(FormSummary):
    edition: int
    body: FormBody
    problems: list[FieldProblem]
    changes: list[str]


class FormList(Body):
    forms: list[FormSummary]


class LevelFilter(Body):
    scheme: Code
    level: Code


class FormStart(Body):
    """From the sheet in force, or from `version` (a form's id), or with `scheme_level` from the scheme's own sheet."""

    scheme: Code
    level: Code
    version: int | None = Field(None, ge=1, le=2**63 - 1)
    scheme_level: Code | None = None


class FormSave(Body):
    edition: Edition
    body: FormBody


class FormSubmit(Body):
    edition: Edition
    reason: Text


class FormRemark(Body):
    remark: Text = ""


@operation(
    "GET", "/sheet-forms", Permission.READ_SESSIONS, "Versions of a level's sheet, the latest first",
    query=LevelFilter, returns=FormList,
)  # fmt: skip
def index(query: LevelFilter) -> FormList:
    return FormList(
        forms=[FormSummary(**_facts(one)) for one in forms.versions(db.session(), query.scheme, query.level)]
    )


@operation("GET", "/sheet-forms/<id:form_id>", Permission.READ_SESSIONS, "One version", returns=FormAnswer)
def show(form_id: int) -> FormAnswer:
    return _shown(forms.form(db.session(), form_id))


@operation(
    "POST", "/sheet-forms", Permission.PLAN_SESSIONS, "Begin a version", body=FormStart, returns=FormAnswer, status=201
)
def create(body: FormStart) -> FormAnswer:
    session, actor, now = db.session(), principal().actor, clock.now()
    if body.scheme_level is not None:
        one = forms.start_from_scheme(session, actor, body.scheme, body.level, now, source=body.scheme_level)
    else:
        one = forms.start_form(session, actor, body.scheme, body.level, now, base=body.version)
    session.commit()
    return _shown(one)


@operation(
    "PUT", "/sheet-forms/<id:form_id>", Permission.PLAN_SESSIONS, "Save the own draft, fit or not",
    body=FormSave, returns=FormAnswer, errors=(409,),
)  # fmt: skip
def save(form_id: int, body: FormSave) -> FormAnswer:
    one = forms.save_form(db.session(), principal().actor, form_id, body.edition, body.body, clock.now())
    db.session.commit()
    return _shown(one)


@operation(
    "POST", "/sheet-forms/<id:form_id>/submit", Permission.PLAN_SESSIONS, "Submit for another registrar to decide",
    body=FormSubmit, returns=FormAnswer, errors=(409,),
)  # fmt: skip
def submit(form_id: int, body: FormSubmit) -> FormAnswer:
    one = forms.submit_form(db.session(), principal().actor, form_id, body.edition, body.reason, clock.now())
    db.session.commit()
    return _shown(one)


@operation(
    "POST", "/sheet-forms/<id:form_id>/approve", Permission.PLAN_SESSIONS, "Put another registrar's version in force",
    body=FormRemark, returns=FormAnswer, errors=(409,), body_needed=False,
)  # fmt: skip
def approve(form_id: int, body: FormRemark) -> FormAnswer:
    one = forms.approve_form(db.session(), principal().actor, form_id, body.remark, clock.now())
    db.session.commit()
    return _shown(one)


@operation(
    "POST", "/sheet-forms/<id:form_id>/send-back", Permission.PLAN_SESSIONS, "Send it back to its author",
    body=FormRemark, returns=FormAnswer, errors=(409,),
)  # fmt: skip
def send_back(form_id: int, body: FormRemark) -> FormAnswer:
    one = forms.send_back(db.session(), principal().actor, form_id, body.remark, clock.now())
    db.session.commit()
    return _shown(one)


@operation(
    "POST", "/sheet-forms/<id:form_id>/abandon", Permission.PLAN_SESSIONS, "Give the own draft up",
    returns=FormAnswer, errors=(409,),
)  # fmt: skip
def abandon(form_id: int) -> FormAnswer:
    one = forms.abandon_form(db.session(), principal().actor, form_id, clock.now())
    db.session.commit()
    return _shown(one)


def _facts(one: SheetForm) -> dict[str, Any]:
    return {
        "id": one.id, "scheme": one.scheme, "level": one.level, "number": one.number, "state": one.state,
        "author": one.author.name, "approved_by": one.approver.name if one.approver else None, "reason": one.reason,
        "remark": one.remark, "submitted_at": one.submitted_at, "decided_at": one.decided_at,
    }  # fmt: skip


def _shown(one: SheetForm) -> FormAnswer:
    return FormAnswer(
        **_facts(one),
        edition=one.edition,
        body=forms.body(one),
        problems=[FieldProblem(where=p.where, reason=spoken(p.message, p.params)) for p in forms.problems(one)],
        changes=[spoken(change.message, change.params) for change in forms.changes_of(db.session(), one)],
    )
