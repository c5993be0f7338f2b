"""Verification of certificates, for anyone: by number, by the code printed on it, or by its file."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.errors import render, wants_json
from app.web.limits import verify_limit
from app.web.public.forms import FileForm, SerialForm
from app.web.public.views import bp
from app.web.public.wording import headline
from app.web.reasons import told
from app.web.uploads import discard_rest
from certificates.log.standing import in_json, standing
from certificates.register.serials import normalised
from certificates.signing.seals import trusted_roots
from certificates.verifying import inquiry
from certificates.verifying.inquiry import Verification
from certificates.verifying.verification import too_large

MEGABYTES = inquiry.MOST_BYTES // (1024 * 1024)


@bp.get("/verify")
@verify_limit
def verify() -> ResponseReturnValue:
    if "serial" in request.args:
        return redirect(url_for("public.verify_serial", serial=request.args["serial"].strip() or "-"), 303)
    return _page()


@bp.get("/verify/<serial>")
@verify_limit
def verify_serial(serial: str) -> ResponseReturnValue:
    return _answered_by_serial(serial)


@bp.post("/verify")
@verify_limit
def verify_upload() -> ResponseReturnValue:
    """A file, as a form or as the body itself; or a number, as the page sends it without script."""
    try:
        data = _uploaded()
    except RequestEntityTooLarge:
        discard_rest()
        return _refused(too_large(inquiry.MOST_BYTES))
    if data is None:
        return _by_posted_serial()
    try:
        found = inquiry.by_file(db.session(), data, _roots(), clock.now())
    except Refusal as refusal:
        return _refused(refusal)
    return _shown(found, 200 if found.judged else 422)


def _uploaded() -> bytes | None:
    if request.mimetype == "application/pdf":
        return request.get_data()
    file = next(iter(request.files.values()), None)
    return file.read() if file and (file.filename or file.content_length) else None


def _by_posted_serial() -> ResponseReturnValue:
    given = (request.get_json(silent=True) or {}) if request.is_json else request.form
    serial = str(given.get("serial", "")) if hasattr(given, "get") else ""
    if wants_json() and serial:
        return _answered_by_serial(serial)
    if "serial" in request.form:
        form = SerialForm()
        if not form.validate():
            return _page(serial_form=form, status=422)
        number = normalised(serial)
        return redirect(url_for("public.verify_serial", serial=number), 303) if number else _answered_by_serial(serial)
    return _refused(
        Refusal("nothing_to_verify", N_("Choose the PDF file of a certificate, or enter its number.")),
    )


def _answered_by_serial(serial: str) -> ResponseReturnValue:
    try:
        found = inquiry.by_serial(db.session(), serial, _roots(), clock.now())
    except Refusal as refusal:
        return _refused(refusal, serial)
    return _shown(found, 200)


def _shown(found: Verification, status: int) -> ResponseReturnValue:
    logged = standing(db.session(), found.certificate) if found.certificate else None
    if wants_json():
        answer = found.answer(told) | {"log": in_json(found.certificate, logged)}
        if not found.judged:
            first = answer["reasons"][0]
            answer["error"] = {**first, "details": {}}
        return jsonify(answer), status
    tone, sentence = headline(found)
    return render_template("public/verified.html", found=found, tone=tone, sentence=sentence, logged=logged,
                           reasons=[told(reason) for reason in found.reasons]), status  # fmt: skip


def _refused(refusal: Refusal, serial: str = "") -> ResponseReturnValue:
    """The same page with the sentence above and what was typed still there."""
    if wants_json():
        raise refusal
    return _page(
        refused=render(refusal),
        serial_form=SerialForm(formdata=None, data={"serial": serial[:60]}),
        status=refusal.status,
    )


def _page(*, refused: str = "", serial_form: SerialForm | None = None, status: int = 200) -> ResponseReturnValue:
    form = serial_form or SerialForm(formdata=None)
    page = render_template(
        "public/verify.html", serial_form=form, file_form=FileForm(formdata=None), refused=refused, megabytes=MEGABYTES
    )
    return page, status


def _roots() -> Any:
    return trusted_roots(current_app.extensions["settings"])
