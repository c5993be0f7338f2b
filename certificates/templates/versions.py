"""Templates in versions: a draft is submitted, another registrar puts it in force, the one before is replaced.

Certificates that were issued already keep their bytes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.certificate_template import CertificateTemplate
from app.models.sheet_forms import FormState
from app.registration.locks import locked
from app.schemes.scheme import scheme as scheme_of
from certificates.drawing.template import TemplateBody, built_in
from certificates.templates.checks import refuse_undrawable, refuse_unsound


def in_force(session: Session, scheme: str) -> CertificateTemplate | None:
    wanted = select(CertificateTemplate).where(
        CertificateTemplate.scheme == scheme, CertificateTemplate.state == FormState.IN_FORCE
    )
    return session.scalar(wanted)


def body_in_force(session: Session, scheme: str) -> TemplateBody:
    """What certificates issued today look like."""
    found = in_force(session, scheme)
    return body(found) if found else built_in()


def versions(session: Session, scheme: str) -> list[CertificateTemplate]:
    """The latest first."""
    wanted = select(CertificateTemplate).where(CertificateTemplate.scheme == scheme)
    return list(session.scalars(wanted.order_by(CertificateTemplate.number.desc())))


def template(session: Session, template_id: int) -> CertificateTemplate:
    found = session.get(CertificateTemplate, template_id)
    if found is None:
        raise NotFound
    return found


def body(one: CertificateTemplate) -> TemplateBody:
    return TemplateBody.model_validate(one.body)


def start(
    session: Session, actor: Actor, scheme: str, now: datetime, *, typed: Any = None, author: int | None = None
) -> CertificateTemplate:
    """A draft, from what is in force or from a file; `author` where nobody is logged in."""
    code = scheme_of(scheme).code
    begun = body_in_force(session, code) if typed is None else refuse_unsound(typed)
    _hold_scheme(session, code)
    newest = session.scalar(select(func.max(CertificateTemplate.number)).where(CertificateTemplate.scheme == code))
    one = CertificateTemplate(
        scheme=code, number=(newest or 0) + 1, body=begun.model_dump(mode="json"),
        author_id=_somebody(actor, author), changed_at=now,
    )  # fmt: skip
    session.add(one)
    session.flush()
    audit.record(session, "certificate_template:started", actor, "certificate_template", one.id, scheme=code)
    return one


def save(
    session: Session, actor: Actor, template_id: int, edition: int, typed: Any, now: datetime
) -> CertificateTemplate:
    """Only the author's own draft, only what is sound, and not over a saving unseen."""
    one = _own_draft(session, actor, template_id, edition)
    new = refuse_unsound(typed).model_dump(mode="json")
    if new != one.body:
        one.body, one.changed_at, one.edition = new, now, one.edition + 1
        session.flush()
        audit.record(session, "certificate_template:saved", actor, "certificate_template", one.id, edition=one.edition)
    return one


def submit(
    session: Session, actor: Actor, template_id: int, edition: int, reason: str, now: datetime
) -> CertificateTemplate:
    """For another registrar to decide; drawn first with the hardest samples."""
    one = _own_draft(session, actor, template_id, edition)
    check_reason(reason)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why the certificates change: the reason is kept with the template."))
    refuse_undrawable(refuse_unsound(one.body), one.scheme)
    one.state, one.reason, one.remark, one.submitted_at = FormState.SUBMITTED, said(reason), "", now
    session.flush()
    audit.record(session, "certificate_template:submitted", actor, "certificate_template", one.id, reason=one.reason)
    return one


def approve(session: Session, actor: Actor, template_id: int, remark: str, now: datetime) -> CertificateTemplate:
    """In force for certificates issued from now on; the one before is replaced."""
    _hold_scheme(session, template(session, template_id).scheme)
    one = _submitted(session, actor, template_id)
    check_reason(remark)
    refuse_undrawable(refuse_unsound(one.body), one.scheme)
    before = in_force(session, one.scheme)
    if before is not None:
        before.state, before.replaced_at = FormState.REPLACED, now
        session.flush()
    one.state, one.approved_by, one.remark, one.decided_at = FormState.IN_FORCE, actor.user_id, said(remark), now
    session.flush()
    audit.record(
        session, "certificate_template:in_force", actor, "certificate_template", one.id,
        scheme=one.scheme, number=one.number, replaces=before.id if before else None,
    )  # fmt: skip
    return one


def send_back(session: Session, actor: Actor, template_id: int, remark: str, now: datetime) -> CertificateTemplate:
    one = _submitted(session, actor, template_id)
    check_reason(remark)
    if not said(remark):
        raise Refusal("reason_missing", N_("Say what has to change: the author reads it."))
    one.state, one.remark, one.decided_at, one.edition = FormState.DRAFT, said(remark), now, one.edition + 1
    session.flush()
    audit.record(session, "certificate_template:sent_back", actor, "certificate_template", one.id, remark=one.remark)
    return one


def abandon(session: Session, actor: Actor, template_id: int, now: datetime) -> CertificateTemplate:
    one = locked(session, CertificateTemplate, template_id)
    _refuse_other_author(one, actor)
    if one.state not in (FormState.DRAFT, FormState.SUBMITTED):
        raise Refusal("template_decided", N_("Only a draft or a submitted template can be given up."), status=409)
    one.state, one.decided_at = FormState.ABANDONED, now
    session.flush()
    audit.record(session, "certificate_template:abandoned", actor, "certificate_template", one.id)
    return one


def _own_draft(session: Session, actor: Actor, template_id: int, edition: int) -> CertificateTemplate:
    one = locked(session, CertificateTemplate, template_id)
    _refuse_other_author(one, actor)
    if one.state != FormState.DRAFT:
        message = N_("This template is no draft any more, so it stays as it is. Start a new one from it.")
        raise Refusal("template_no_draft", message, status=409)
    if one.edition != edition:
        message = N_("The draft was changed meanwhile, in another window perhaps. Load the page anew and look first.")
        raise Refusal("template_changed", message, status=409)
    return one


def _refuse_other_author(one: CertificateTemplate, actor: Actor) -> None:
    if one.author_id != actor.user_id:
        message = N_("This draft is %(author)s's. Only its author changes it; start a draft of your own.")
        raise Refusal("template_of_another", message, status=403, author=one.author.name)


def _submitted(session: Session, actor: Actor, template_id: int) -> CertificateTemplate:
    one = locked(session, CertificateTemplate, template_id)
    if one.state != FormState.SUBMITTED:
        raise Refusal("template_not_submitted", N_("This template is not waiting for a decision."), status=409)
    if actor.user_id is None or one.author_id == actor.user_id:
        message = N_("You wrote this template, so another registrar decides about it.")
        raise Refusal("template_own", message, status=403)
    return one


def _somebody(actor: Actor, author: int | None) -> int:
    found = actor.user_id or author
    if found is None:
        raise Refusal(
            "author_missing", N_("Say whose draft it is: a template has an author, and another one approves.")
        )
    return found


def _hold_scheme(session: Session, scheme: str) -> None:
    key = {"key": f"certificate_template:{scheme}"}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
