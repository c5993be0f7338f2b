"""One task: as the candidate, the role player and the examiners get it, its versions, and what may be done now."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import NotFound
from app.models.tasks import PracticalTask, TaskVersion
from app.schemes.scheme import scheme
from app.web.access import principal, requires
from app.web.author import task_words
from app.web.author.tasks import bp
from app.web.presentation import moment
from app.web.state_names import state_name
from question_bank.stimuli import media_type
from question_bank.tasks import history
from question_bank.tasks.body import TaskFile
from question_bank.tasks.drafts import draft_of
from question_bank.tasks.judging import looked
from question_bank.tasks.stock import sounds_of
from question_bank.tasks.subject import OPEN, Subject, subject_of, task_id_of


@bp.get("/<code>")
@requires(Permission.READ_BANK)
def task(code: str) -> ResponseReturnValue:
    found = about(code)
    return render_template("author/task.html", **found, **shown(found["version"]))


@bp.get("/<code>/review")
@requires(Permission.READ_BANK)
def review(code: str) -> ResponseReturnValue:
    """The open version with what changed, for a verdict."""
    found = about(code)
    if found["open"] is None:
        raise NotFound
    before = found["subject"].in_use
    changes = history.changes(before, found["open"]) if before else []
    return render_template("author/task_review.html", **found, **shown(found["open"]), before=before, changes=changes)


@bp.get("/<code>/changes")
@requires(Permission.READ_BANK)
def changes(code: str) -> ResponseReturnValue:
    session = db.session()
    task_id = task_id_of(session, code)
    versions = history.versions_of(session, task_id)
    newest, older = versions[0].number, versions[min(1, len(versions) - 1)].number
    before, after = asked("before") or older, asked("after") or newest
    found = history.changes(*(history.version_of(session, task_id, number) for number in (before, after)))
    choices = [(one.number, version_words(one)) for one in versions]
    return render_template(
        "author/task_changes.html", code=code, changes=found, choices=choices, before=before, after=after
    )


@bp.get("/<code>/versions/<id:number>/sounds/<name>")
@requires(Permission.READ_BANK)
def sound(code: str, number: int, name: str) -> Response:
    """Whoever writes or reviews it hears it as often as they like."""
    version = history.version_of(db.session(), task_id_of(db.session(), code), number)
    media = sounds_of(db.session(), version).get(name)
    if media is None:
        raise NotFound
    response = Response(media.content, mimetype=media_type(media.content) or "application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def about(code: str) -> dict[str, Any]:
    """What every page about one task needs to know."""
    session = db.session()
    task_id = task_id_of(session, code)
    row = session.get_one(PracticalTask, task_id)
    subject = subject_of(session, row)
    versions = history.versions_of(session, task_id)
    number = asked("version")
    version = history.version_of(session, task_id, number) if number else (
        subject.open or subject.in_use or versions[0]
    )  # fmt: skip
    return {
        "code": code, "row": row, "subject": subject, "open": subject.open, "versions": versions, "version": version,
        "drawn": history.times_drawn(session, task_id), "lines": history.lines_of(session, task_id),
        "levels": scheme(row.scheme).levels, "own": own(subject),
    }  # fmt: skip


def own(subject: Subject) -> bool:
    me = principal().user_id
    return subject.open is not None and me in (*subject.open.editors, subject.open.author_id)


def shown(version: TaskVersion) -> dict[str, Any]:
    """The task, or what is there of it while it is not whole."""
    found = looked(version) if version.state in OPEN else None
    read: TaskFile | None = found.task if found else _whole(version)
    sounds = {
        name: url_for("tasks.sound", code=version.task.code, number=version.number, name=name) for name in version.media
    }
    criteria = {one.id: one for level in scheme(version.task.scheme).levels for one in level.practical.sheet.criteria}
    return {
        "task": read, "faults": task_words.told(found.problems) if found else [], "sounds": sounds,
        "draft": draft_of(version.body), "criteria": criteria,
    }  # fmt: skip


def _whole(version: TaskVersion) -> TaskFile | None:
    return looked(version).task


def asked(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def version_words(one: TaskVersion) -> str:
    words = _("Version %(number)s", number=one.number)
    return f"{words} · {state_name(one.state)} · {moment(one.changed_at)}"
