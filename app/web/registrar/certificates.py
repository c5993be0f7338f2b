"""Issuing for a session: what is in the way of each certificate, the buttons that issue, and how far that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.certificate import Certificate
from app.registration.planning import exam_session
from app.registration.queries import seat_counts
from app.web.access import principal, requires
from app.web.api.session_certificates import bundled
from app.web.errors import render
from app.web.paging import asked_page, pages_of
from app.web.reasons import told
from certificates.batches import progress as progress_of
from certificates.batches.bundle import count as count_issued
from certificates.batches.for_session import issue_for_session, order_for_session
from certificates.register import notices, orders
from certificates.register.dossier import prospects
from certificates.register.issue import issue_or_wait
from certificates.signing.seals import IssuerChoice, issuers

bp = Blueprint("session_certificates", __name__, url_prefix="/registrar/sessions/<id:session_id>/certificates")
PAGE = 20
AT_ONCE = 20
"""So many are issued while the one who pressed the button waits; more are left to the worker."""


@bp.get("")
@requires(Permission.READ_RESULTS)
def show(session_id: int) -> ResponseReturnValue:
    exam, page, now = exam_session(db.session(), session_id), asked_page(), clock.now()
    refused, rows = "", []
    try:
        rows = prospects(db.session(), principal().actor, session_id, now, _choice(), page=page, size=PAGE)
    except Refusal as refusal:  # there is no key to sign with
        refused = render(refusal)
    return render_template(
        "registrar/certificates.html", exam=exam, rows=rows, told=told, page=page, refused=refused,
        pages=pages_of(seat_counts(db.session(), [session_id]).get(session_id, 0), PAGE),
        progress=progress_of.of_session(db.session(), session_id, now),
        orders=progress_of.of_applications(db.session(), [row.seat.application_id for row in rows]),
        reasons_of=orders.reasons_of, issued=count_issued(db.session(), session_id),
        mails=notices.counts(db.session(), session_id),
    )  # fmt: skip


@bp.get("/progress")
@requires(Permission.READ_RESULTS)
def progress(session_id: int) -> ResponseReturnValue:
    """The piece of the page that tells it; nothing once no order is open."""
    exam = exam_session(db.session(), session_id)
    found = progress_of.of_session(db.session(), session_id, clock.now())
    if not found.under_way and not found.delayed:
        return "", 204
    return render_template("registrar/_certificates_progress.html", exam=exam, progress=found, told=told)


@bp.get("/zip")
@requires(Permission.READ_REGISTER)
def zip_file(session_id: int) -> Response:
    exam_session(db.session(), session_id)
    return bundled(session_id)


@bp.post("")
@requires(Permission.ISSUE_CERTIFICATES)
def issue_all(session_id: int) -> ResponseReturnValue:
    ordered = order_for_session(db.session(), principal().actor, session_id, clock.now(), _choice())
    db.session.commit()
    if len(ordered) <= AT_ONCE:
        _issue_now(session_id, ordered)
    else:
        flash(
            _("%(count)s certificates are ordered and being issued now. You may leave this page; the work goes on.",
              count=len(ordered)),
            "success",
        )  # fmt: skip
    return redirect(url_for("session_certificates.show", session_id=session_id), 303)


@bp.post("/again")
@requires(Permission.ISSUE_CERTIFICATES)
def try_again(session_id: int) -> ResponseReturnValue:
    exam_session(db.session(), session_id)
    count = orders.sooner(db.session(), principal().actor, session_id, clock.now())
    db.session.commit()
    flash(_("%(count)s certificates are tried again now.", count=count), "success")
    return redirect(url_for("session_certificates.show", session_id=session_id), 303)


@bp.post("/<id:application_id>")
@requires(Permission.ISSUE_CERTIFICATES)
def issue_one(session_id: int, application_id: int) -> ResponseReturnValue:
    made = issue_or_wait(db.session(), principal().actor, application_id, clock.now(), _choice(), session_id)
    db.session.commit()
    if isinstance(made, Certificate):
        said = _("Certificate %(serial)s of %(holder)s is issued. The holder can download it now.",
                 serial=made.serial, holder=made.holder)  # fmt: skip
        flash(said, "success")
    else:
        flash(_("The certificate is decided and waits to be signed: %(why)s", why=render(made)), "warn")
    return redirect(url_for("session_certificates.show", session_id=session_id), 303)


def _issue_now(session_id: int, ordered: Sequence[int]) -> None:
    counts = Counter[str]()
    for one in issue_for_session(db.session(), principal().actor, session_id, clock.now(), _choice(), ordered):
        db.session.commit()
        counts[one.status] += 1
    figures = {"issued": counts["issued"], "already": counts["already"], "refused": counts["refused"]}
    if counts["waiting"]:
        said = _(
            "%(issued)s certificates are issued, %(waiting)s are decided and wait to be signed. They are tried again "
            "by themselves; what they wait for stands below.",
            issued=counts["issued"], waiting=counts["waiting"],
        )  # fmt: skip
    elif counts["refused"]:
        said = _(
            "%(issued)s certificates are issued, %(already)s were issued before, %(refused)s could not be issued. "
            "The reasons stand below; once they are mended, issue again.",
            **figures,
        )
    else:
        said = _(
            "%(issued)s certificates are issued, %(already)s were issued before. The holders can download them now.",
            **figures,
        )
    flash(said, "warn" if counts["refused"] or counts["waiting"] else "success")


def _choice() -> IssuerChoice:
    return issuers(current_app.extensions["settings"])
