"""An employer's page: send a list of certificates, read or take back what the register says of each."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.registration.facts import day_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.limits import check_limit
from app.web.verifier.forms import CheckForm
from app.web.verifier.tables import as_file
from app.web.verifier.wording import told, tone
from certificates.register import batch_check
from certificates.register.batch_check import Answer, Checked
from certificates.register.check_file import questions_of

bp = Blueprint("verifier", __name__, url_prefix="/check")


@bp.get("/")
@requires(Permission.CHECK_CERTIFICATES)
def home() -> ResponseReturnValue:
    return _page(CheckForm())


@bp.post("/")
@requires(Permission.CHECK_CERTIFICATES)
@check_limit
def check() -> ResponseReturnValue:
    form = CheckForm()
    if not form.validate():
        return _page(form, status=422)
    content, workbook = form.content(), form.sent_workbook()
    if not content.strip():
        return _page(form, refused=_("Choose a file, or paste the numbers."), status=422)
    now = clock.now()
    try:
        checked = batch_check.check(db.session(), principal().actor, questions_of(content), now, quota=_quota())
    except Refusal as refusal:
        db.session.rollback()
        return _page(form, refused=render(refusal), status=refusal.status)
    db.session.commit()
    if request.form.get("answer") == "file":
        return as_file(checked.answers, workbook=workbook, day=day_of(now))
    return _page(CheckForm(formdata=None), checked=checked)


def _page(
    form: CheckForm, *, refused: str = "", checked: Checked | None = None, status: int = 200
) -> ResponseReturnValue:
    left = batch_check.left_today(db.session(), principal().user_id, clock.now(), quota=_quota())
    answers: tuple[Answer, ...] = checked.answers if checked else ()
    page = render_template(
        "verifier/home.html", form=form, refused=refused, left=left, quota=_quota(), most=batch_check.MOST,
        answers=answers, told=told, tone=tone, good=sum(tone(one) == "good" for one in answers),
        doubtful=sum(tone(one) != "good" for one in answers),
    )  # fmt: skip
    return page, status


def _quota() -> int:
    return int(current_app.extensions["settings"].verifier_daily_quota)
