"""Issuing for a session: what is in the way of each certificate, and the buttons that issue."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.registration.planning import exam_session
from app.registration.queries import seat_counts
from app.web.access import principal, requires
from app.web.errors import render
from app.web.paging import asked_page, pages_of
from app.web.reasons import told
from certificates.register.dossier import prospects
from certificates.register.issue import issue, issue_for_session
from certificates.signing.seals import IssuerChoice, issuers

bp = Blueprint("session_certificates", __name__, url_prefix="/registrar/sessions/<id:session_id>/certificates")
PAGE = 50


@bp.get("")
@requires(Permission.READ_RESULTS)
def show(session_id: int) -> ResponseReturnValue:
    exam, page = exam_session(db.session(), session_id), asked_page()
    refused, rows = "", []
    try:
        rows = prospects(db.session(), principal().actor, session_id, clock.now(), _choice(), page=page, size=PAGE)
    except Refusal as refusal:  # there is no key to sign with
        refused = render(refusal)
    return render_template(
        "registrar/certificates.html", exam=exam, rows=rows, told=told, page=page, refused=refused,
        pages=pages_of(seat_counts(db.session(), [session_id]).get(session_id, 0), PAGE),
    )  # fmt: skip


@bp.post("")
@requires(Permission.ISSUE_CERTIFICATES)
def issue_all(session_id: int) -> ResponseReturnValue:
    counts = {"issued": 0, "already": 0, "refused": 0}
    for one in issue_for_session(db.session(), principal().actor, session_id, clock.now(), _choice()):
        db.session.commit()
        counts[one.status] += 1
    if counts["refused"]:
        said = _(
            "%(issued)s certificates are issued, %(already)s were issued before, %(refused)s could not be issued. "
            "The reasons stand below; once they are mended, issue again.",
            **counts,
        )
    else:
        said = _(
            "%(issued)s certificates are issued, %(already)s were issued before. The holders can download them now.",
            **counts,
        )
    flash(said, "warn" if counts["refused"] else "success")
    return redirect(url_for("session_certificates.show", session_id=session_id), 303)


@bp.post("/<id:application_id>")
@requires(Permission.ISSUE_CERTIFICATES)
def issue_one(session_id: int, application_id: int) -> ResponseReturnValue:
    certificate = issue(db.session(), principal().actor, application_id, clock.now(), _choice())
    db.session.commit()
    flash(
        _("Certificate %(serial)s of %(holder)s is issued. The holder can download it now.",
          serial=certificate.serial, holder=certificate.holder),
        "success",
    )  # fmt: skip
    return redirect(url_for("session_certificates.show", session_id=session_id), 303)


def _choice() -> IssuerChoice:
    return issuers(current_app.extensions["settings"])
