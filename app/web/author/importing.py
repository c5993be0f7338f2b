"""Items from a file: first a rehearsal that says everything, then the same file as drafts."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.web.access import principal, requires
from app.web.author import uploads
from app.web.author.places import place_choices
from app.web.author.views import bp
from app.web.author.words import field_name, sentence
from app.web.errors import render
from app.web.titles import level_choices
from question_bank.file_problems import BankInvalid, FileProblem
from question_bank.formats.excel_corrected import UNPLACED, corrected
from question_bank.formats.excel_template import template
from question_bank.formats.registry import FORMATS
from question_bank.workshop import files
from question_bank.workshop.files import Received

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
"""So many lines of each kind; the corrected copy and the command line hold them all."""


@dataclass(frozen=True)
class Rehearsal:
    """What taking a file in would do."""

    upload: uploads.Upload
    received: Received | None = None
    problems: tuple[FileProblem, ...] = ()
    refused: str = ""


@bp.get("/import")
@requires(Permission.EDIT_ITEMS)
def import_items() -> ResponseReturnValue:
    return _page()


@bp.post("/import")
@requires(Permission.EDIT_ITEMS)
def rehearse_import() -> ResponseReturnValue:
    upload = uploads.sent()
    if upload is None:
        return _page(refused=_("Choose a file first.")), 422
    found = _rehearsed(upload)
    token = uploads.keep(principal().user_id, upload) if not found.refused else ""
    return _page(found, token), 200 if found.received else 422


@bp.post("/import/run")
@requires(Permission.EDIT_ITEMS)
def run_import() -> ResponseReturnValue:
    """What was rehearsed a moment ago."""
    upload = uploads.kept(principal().user_id, request.form.get("token", ""))
    session = db.session()
    try:
        got = files.receive(
            session, principal().actor, upload.name, upload.content, clock.now(), upload.defaults(), upload.format
        )
    except Refusal as refusal:
        session.rollback()
        return _page(refused=render(refusal)), refusal.status
    session.commit()
    uploads.forget(principal().user_id)
    flash(
        _("Taken in: %(new)s new drafts, %(revised)s revisions, %(unchanged)s as they were. Submit them once complete.",
          new=got.taken.new, revised=got.taken.revised, unchanged=got.taken.unchanged),
        "success",
    )  # fmt: skip
    return redirect(url_for(".home", state="revision-draft", mine="y", sort="-changed"), 303)


@bp.post("/import/corrected")
@requires(Permission.EDIT_ITEMS)
def corrected_copy() -> Response:
    """The workbook with its wrong cells marked, each with a note that says how to mend it."""
    upload = uploads.kept(principal().user_id, request.form.get("token", ""))
    found = _rehearsed(upload)
    listed = found.problems or (found.received.missing if found.received else ())
    made = corrected(upload.content, listed, told, heading=_(UNPLACED))
    name = _("%(file)s-to-mend.xlsx", file=upload.stem)
    return send_file(BytesIO(made), EXCEL, as_attachment=True, download_name=name)


@bp.get("/import/template")
@requires(Permission.EDIT_ITEMS)
def import_template() -> Response:
    return send_file(BytesIO(template()), EXCEL, as_attachment=True, download_name=_("items.xlsx"))


def told(problem: FileProblem) -> str:
    """The sentence alone; its place stands beside it."""
    place = {"file": "", "line": "", "field": "\0"} if problem.message.startswith("%(file)s") else {}
    return sentence(problem.message, {**problem.params, **place}).rpartition("\0")[2].lstrip(":： ")


def where(problem: Any) -> str:
    """Sheet, row and column of a workbook, else the line of the file."""
    if sheet := getattr(problem, "sheet", ""):
        if column := problem.column:
            return str(_("Sheet “%(sheet)s”, cell %(column)s%(line)s", sheet=sheet, column=column, line=problem.line))
        return str(_("Sheet “%(sheet)s”, row %(line)s", sheet=sheet, line=problem.line))
    return str(_("Line %(line)s", line=problem.line)) if problem.line else ""


def _rehearsed(upload: uploads.Upload) -> Rehearsal:
    session = db.session()
    try:
        got = files.receive(
            session, principal().actor, upload.name, upload.content, clock.now(), upload.defaults(), upload.format
        )
        return Rehearsal(upload, got)
    except BankInvalid as invalid:
        return Rehearsal(upload, problems=tuple(invalid.problems))
    except Refusal as refusal:
        return Rehearsal(upload, refused=render(refusal))
    finally:
        session.rollback()


def _page(found: Rehearsal | None = None, token: str = "", refused: str = "") -> str:
    return render_template(
        "author/import.html", found=found, token=token, refused=refused or (found.refused if found else ""),
        formats=[(code, one.name) for code, one in FORMATS.items()], levels=level_choices(), places=place_choices(),
        typed=request.form, told=told, where=where, field_name=field_name, sentence=sentence, most=SHOWN,
    )  # fmt: skip
