"""Verification of certificates, for anyone: by number, by the code printed on it, or by its file."""

from __future__ import annotations

from flask import current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.errors import render, wants_json
from app.web.limits import name_limit, verify_limit
from app.web.public.forms import FileForm, SerialForm
from app.web.public.views import bp
from app.web.public.wording import advice, headline
from app.web.reasons import told
from app.web.uploads import discard_rest
from certificates.log.standing import in_json, standing
from certificates.register.privacy import LONGEST_NAME, masked
from certificates.register.serials import normalised
from certificates.verifying import inquiry
from certificates.verifying.house import trust_of
from certificates.verifying.inquiry import Expected, Verification
from certificates.verifying.steps import steps
from certificates.verifying.trust import Trust
from certificates.verifying.verification import too_large

MEGABYTES = inquiry.MOST_BYTES // (1024 * 1024)


@bp.get("/verify")
@verify_limit
def verify() -> ResponseReturnValue:
    serial = request.args.get("serial")
    if serial is None:
        return _page()
    number = normalised(serial)
    return redirect(url_for("public.verify_serial", serial=number), 303) if number else _answered_by_serial(serial)


@bp.get("/verify/<serial>")
@verify_limit
@name_limit
def verify_serial(serial: str) -> ResponseReturnValue:
    return _answered_by_serial(serial, request.args.get("name", "")[:LONGEST_NAME])


@bp.post("/verify/<serial>")
@verify_limit
@name_limit
def verify_file_of(serial: str) -> ResponseReturnValue:
    """A file that is held to be the certificate of this number; or the name that it is held to bear."""
    return _uploaded_answer(serial)


@bp.post("/verify")
@verify_limit
@name_limit
def verify_upload() -> ResponseReturnValue:
    """A file, as a form or as the body itself; or a number, as the page sends it without script."""
    return _uploaded_answer()


def _uploaded_answer(serial: str = "") -> ResponseReturnValue:
    try:
        data = _uploaded()
    except RequestEntityTooLarge:
        discard_rest()
        return _refused(too_large(inquiry.MOST_BYTES))
    if data is None and serial and (name := _expected(serial).name):
        return _answered_by_serial(serial, name)
    if data is None:
        return _refused(_nothing()) if serial else _by_posted_serial()
    try:
        found = inquiry.by_file(db.session(), data, _trust(), clock.now(), _expected(serial))
    except Refusal as refusal:
        return _refused(refusal)
    return _shown(found, 200 if found.judged else 422)


def _uploaded() -> bytes | None:
    if request.mimetype == "application/pdf":
        return request.get_data()
    file = next(iter(request.files.values()), None)
    return file.read() if file and (file.filename or file.content_length) else None


def _expected(serial: str) -> Expected:
    """From the form's own fields or, by programs, beside the file or in the address."""

    def said(*names: str) -> str:
        return next((value for name in names if (value := request.form.get(name) or request.args.get(name))), "")

    return Expected(serial or said("of_serial", "serial"), said("of_name", "name")[:LONGEST_NAME])


def _nothing() -> Refusal:
    return Refusal("nothing_to_verify", N_("Choose the PDF file of a certificate, or enter its number."))


def _by_posted_serial() -> ResponseReturnValue:
    given = (request.get_json(silent=True) or {}) if request.is_json else request.form
    serial, name = (str(given.get(one) or "") if hasattr(given, "get") else "" for one in ("serial", "name"))
    if wants_json() and serial:
        return _answered_by_serial(serial, name[:LONGEST_NAME])
    if "serial" in request.form:
        form = SerialForm()
        if not form.validate():
            return _page(serial_form=form, status=422)
        number = normalised(serial)
        if number and name.strip():  # not in an address, where every server on the way would note it
            return _answered_by_serial(number, name[:LONGEST_NAME])
        return redirect(url_for("public.verify_serial", serial=number), 303) if number else _answered_by_serial(serial)
    return _refused(_nothing())


def _answered_by_serial(serial: str, name: str = "") -> ResponseReturnValue:
    try:
        found = inquiry.by_serial(db.session(), serial, _trust(), clock.now(), Expected(serial, name))
    except Refusal as refusal:
        return _refused(refusal, serial)
    return _shown(found, 200)


def _shown(found: Verification, status: int) -> ResponseReturnValue:
    g.name_differs = found.name_matches is False
    logged = standing(db.session(), found.certificate) if found.certificate else None
    if wants_json():
        checks = [{"code": one.code, "outcome": one.outcome, "message": told(one)} for one in steps(found)]
        answer = found.answer(told) | {"checks": checks, "log": in_json(found.certificate, logged)}
        answer["holder"] = _holder(found)
        if not found.judged:
            first = answer["reasons"][0]
            answer["error"] = {**first, "details": {}}
        return jsonify(answer), status
    tone, sentence = headline(found)
    page = render_template(
        "public/verified.html", found=found, tone=tone, sentence=sentence, logged=logged, advice=advice(found),
        reasons=[told(reason) for reason in found.reasons], steps=[(one, told(one)) for one in steps(found)],
        file_form=FileForm(formdata=None), megabytes=MEGABYTES, holder=_holder(found),
        serial_form=SerialForm(formdata=None),
    )  # fmt: skip
    return page, status


def _holder(found: Verification) -> str | None:
    """As on the certificate. Where the house masks names: whole for who has the file or named the holder, else its
    beginning. docs/register.md says why."""
    if found.certificate is None:
        return None
    masks = current_app.extensions["settings"].mask_holder
    known = not masks or found.by_file or found.name_matches
    return found.certificate.holder if known else masked(found.certificate.holder)


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


def _trust() -> Trust:
    return trust_of(current_app.extensions["settings"])
