"""How certificates look: the template in force for each standard, drafts with a live preview, and their approval."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.models.certificate_template import CertificateTemplate
from app.models.sheet_forms import FormState
from app.schemes.scheme import schemes
from app.web.access import principal, requires
from app.web.errors import render, spoken
from app.web.registrar import certificate_template_fields as fields
from certificates.drawing.face import CertificateFace
from certificates.drawing.pdf import drawn
from certificates.drawing.template import MOST_AWARDS, MOST_FIELDS, MOST_NOTES, PLACEHOLDERS, TemplateBody
from certificates.templates import checks, versions
from certificates.templates.picture import picture
from certificates.templates.samples import Sample, sample_face

bp = Blueprint("certificate_templates", __name__, url_prefix="/registrar/certificate-templates")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def index() -> ResponseReturnValue:
    listed = [(one, versions.versions(db.session(), one.code)) for one in schemes().values() if not one.demonstration]
    return render_template("registrar/certificate_templates.html", listed=listed)


@bp.post("/start")
@requires(Permission.PLAN_SESSIONS)
def start() -> ResponseReturnValue:
    one = versions.start(db.session(), principal().actor, request.form.get("scheme", "")[:100], clock.now())
    db.session.commit()
    flash(
        _("Version %(number)s is begun. Change it, then submit it for another registrar.", number=one.number), "success"
    )
    return redirect(url_for(".show", template_id=one.id), 303)


@bp.get("/<id:template_id>")
@requires(Permission.READ_SESSIONS)
def show(template_id: int) -> ResponseReturnValue:
    one = versions.template(db.session(), template_id)
    return _builder(one, one.body) if _editable(one) else _version(one)


@bp.post("/<id:template_id>")
@requires(Permission.PLAN_SESSIONS)
def save(template_id: int) -> ResponseReturnValue:
    """Saves everything typed; the other button submits it too."""
    session, actor, typed = db.session(), principal().actor, fields.typed_body(request.form)
    reason = request.form.get("reason", "").replace("\x00", "").strip()
    try:
        edition = request.form.get("edition", 0, type=int)
        one = versions.save(session, actor, template_id, edition, typed, clock.now())
        if request.form.get("do") == "submit":
            versions.submit(session, actor, template_id, one.edition, reason, clock.now())
    except Refusal as refusal:
        session.rollback()
        kept = versions.template(session, template_id)
        if not _editable(kept):
            raise
        return _builder(kept, typed, refused=render(refusal), reason=reason), refusal.status
    session.commit()
    if request.form.get("do") == "submit":
        flash(_("Submitted. Another registrar decides; until then certificates look as before."), "success")
    else:
        flash(_("Saved. Nothing is in force before it is submitted and another registrar approves it."), "success")
    return redirect(url_for(".show", template_id=template_id), 303)


@bp.post("/<id:template_id>/approve")
@requires(Permission.PLAN_SESSIONS)
def approve(template_id: int) -> ResponseReturnValue:
    one = versions.approve(db.session(), principal().actor, template_id, request.form.get("remark", ""), clock.now())
    db.session.commit()
    said = _("Version %(number)s is in force: certificates issued from now on look like it.", number=one.number)
    flash(said, "success")
    return redirect(url_for(".show", template_id=template_id), 303)


@bp.post("/<id:template_id>/send-back")
@requires(Permission.PLAN_SESSIONS)
def send_back(template_id: int) -> ResponseReturnValue:
    versions.send_back(db.session(), principal().actor, template_id, request.form.get("remark", ""), clock.now())
    db.session.commit()
    flash(_("Sent back. Its author sees what you wrote and can submit it again."), "success")
    return redirect(url_for(".show", template_id=template_id), 303)


@bp.post("/<id:template_id>/abandon")
@requires(Permission.PLAN_SESSIONS)
def abandon(template_id: int) -> ResponseReturnValue:
    versions.abandon(db.session(), principal().actor, template_id, clock.now())
    db.session.commit()
    flash(_("The draft is given up. It stays in the history; nothing in force has changed."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/<id:template_id>/picture")
@requires(Permission.READ_SESSIONS)
def shown(template_id: int) -> Response:
    one = versions.template(db.session(), template_id)
    return Response(apart(_picture, _face(one.scheme, versions.body(one))), mimetype="image/png")


@bp.get("/<id:template_id>/sample")
@requires(Permission.READ_SESSIONS)
def sample(template_id: int) -> Response:
    one = versions.template(db.session(), template_id)
    return Response(apart(drawn, _face(one.scheme, versions.body(one))), mimetype="application/pdf")


@bp.post("/<id:template_id>/try")
@requires(Permission.PLAN_SESSIONS)
def try_out(template_id: int) -> ResponseReturnValue:
    """What is typed just now, as a picture; nothing is kept."""
    one = versions.template(db.session(), template_id)
    body = checks.refuse_unsound(fields.typed_body(request.form))
    return Response(apart(_picture, _face(one.scheme, body)), mimetype="image/png")


def _picture(face: CertificateFace) -> bytes:
    return picture(drawn(face))


def _face(scheme: str, body: TemplateBody) -> CertificateFace:
    settings = current_app.extensions["settings"]
    try:
        wanted = Sample(request.values.get("sample", Sample.SHORT))
    except ValueError:
        message = N_("There is no sample of this name. Choose one of: %(known)s.")
        raise Refusal("sample_unknown", message, known=", ".join(Sample)) from None
    return sample_face(scheme, body, wanted, settings.issuer, settings.public_url)


def _editable(one: CertificateTemplate) -> bool:
    return one.state == FormState.DRAFT and one.author_id == principal().user_id


def _builder(one: CertificateTemplate, body: dict[str, Any], *, refused: str = "", reason: str = "") -> str:
    wrong: dict[str, list[str]] = {}
    for problem in checks.read(body)[1]:
        wrong.setdefault(problem.where, []).append(spoken(problem.message, dict(problem.params)))
    return render_template(
        "registrar/certificate_template_edit.html",
        one=one, body=body, wrong=wrong, refused=refused, reason=reason or one.reason, samples=list(Sample),
        whats=fields.WHATS, choices=fields.CHOICES, placeholders=[f"{{{name}}}" for name in PLACEHOLDERS],
        most={"award": MOST_AWARDS, "notes": MOST_NOTES, "fields": MOST_FIELDS},
    )  # fmt: skip


def _version(one: CertificateTemplate) -> str:
    return render_template("registrar/certificate_template.html", one=one, samples=list(Sample))
