"""Tasks from files and into files: first a rehearsal that says everything, then the same file as drafts."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import audit, clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.access import principal, requires
from app.web.author import uploads
from app.web.author.importing import told, where
from app.web.author.task_words import field_name
from app.web.author.tasks import TaskFilter, bp
from app.web.author.words import sentence
from app.web.errors import render
from question_bank.file_problems import FileProblem
from question_bank.lint.findings import Finding
from question_bank.tasks.files import pack, read_upload
from question_bank.tasks.keeping import Kept, take_in
from question_bank.tasks.lint import lint
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.stock import tasks_in_use

SHOWN = 200


@dataclass(frozen=True)
class Rehearsal:
    """What taking a file in would do."""

    name: str
    tasks: int = 0
    kept: Kept | None = None
    problems: tuple[FileProblem, ...] = ()
    findings: tuple[Finding, ...] = ()


@bp.get("/import")
@requires(Permission.EDIT_ITEMS)
def import_tasks() -> ResponseReturnValue:
    return _page()


@bp.post("/import")
@requires(Permission.EDIT_ITEMS)
def rehearse_import() -> ResponseReturnValue:
    upload = uploads.sent()
    if upload is None:
        return _page(refused=_("Choose a file first.")), 422
    found = _rehearsed(upload)
    token = uploads.keep(principal().user_id, upload) if found.kept else ""
    return _page(found, token), 200 if found.kept else 422


@bp.post("/import/run")
@requires(Permission.EDIT_ITEMS)
def run_import() -> ResponseReturnValue:
    """What was rehearsed a moment ago."""
    upload = uploads.kept(principal().user_id, request.form.get("token", ""))
    session = db.session()
    try:
        kept = take_in(session, principal().actor, read_upload(upload.name, upload.content), clock.now(),
                       as_drafts=True)  # fmt: skip
    except Refusal as refusal:
        session.rollback()
        return _page(refused=render(refusal)), refusal.status
    session.commit()
    uploads.forget(principal().user_id)
    flash(
        _("Taken in: %(new)s new drafts, %(changed)s new versions, %(unchanged)s as they were. Submit them for review.",
          new=kept.new, changed=kept.changed, unchanged=kept.unchanged),
        "success",
    )  # fmt: skip
    return redirect(url_for(".home", state="draft", mine="y", sort="changed"), 303)


@bp.get("/export")
@requires(Permission.READ_BANK)
def export_tasks() -> ResponseReturnValue:
    """Those in use that fit the filters of the list, keys included."""
    form, session = TaskFilter(request.args), db.session()
    form.validate()
    wanted = form.wanted(principal().user_id)
    found = tasks_in_use(session, wanted.scheme or None, wanted.level or None, wanted.kind or None)
    found = [one for one in found if wanted.trade in ("", one.task.trade)]
    if not found:
        raise Refusal("no_tasks_here", N_("No task in use fits these filters, so there is nothing to export."))
    audit.record(session, "task:exported", principal().actor, "task", None, tasks=len(found))
    session.commit()
    made: Response = send_file(BytesIO(pack(found)), "application/zip", as_attachment=True, download_name="tasks.zip")
    return made


def _rehearsed(upload: uploads.Upload) -> Rehearsal:
    session, found = db.session(), read_upload(upload.name, upload.content)
    try:
        kept = take_in(session, principal().actor, found, clock.now(), as_drafts=True)
        return Rehearsal(upload.name, len(found.tasks), kept, findings=tuple(lint(found.tasks)))
    except TaskInvalid as invalid:
        return Rehearsal(upload.name, len(found.tasks), problems=tuple(invalid.problems))
    finally:
        session.rollback()


def _page(found: Rehearsal | None = None, token: str = "", refused: str = "") -> str:
    return render_template(
        "author/task_import.html", found=found, token=token, refused=refused, told=told, where=where,
        field_name=field_name, sentence=sentence, most=SHOWN,
    )  # fmt: skip
