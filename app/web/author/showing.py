"""An item as its candidates get it, through the templates of the exam page, and its pictures and sounds."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import NotFound
from app.schemes.scheme import scheme
from app.web.access import requires
from app.web.author import states
from app.web.author.views import bp
from app.web.candidate.paper import Group, tasks
from question_bank.bank_item import BankItem
from question_bank.item_text import pictures
from question_bank.item_types import CHOICE_TYPES, ITEM_TYPES, TrueFalse
from question_bank.stimuli import Stimulus, media_type
from question_bank.workshop import reading
from question_bank.workshop.subject import media_contents


@bp.get("/items/<code>/preview")
@requires(Permission.READ_BANK)
def preview(code: str) -> ResponseReturnValue:
    item_id = reading.item_id_of(db.session(), code)
    asked = states.asked("state")
    item, faults = reading.draft_item(db.session(), item_id, asked)
    narrow = request.args.get("width") == "narrow"
    return render_template(
        "author/preview.html", code=code, item=item, shown=shown(item), group=group(item), narrow=narrow,
        faults=faults, state=states.written(asked) if asked else None,
    )  # fmt: skip


@bp.get("/media/<digest>")
@requires(Permission.READ_BANK)
def media(digest: str) -> Response:
    """Whatever is handed out has the type that its first bytes say, and never runs."""
    content = media_contents(db.session(), [digest]).get(digest)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=media_type(content) or "application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def shown(item: BankItem) -> dict[str, Any]:
    """As a paper hands it to its page; the options stand as they were written."""
    level = scheme(item.scheme).level(item.level)
    form = level.theory.paper.types.get(item.type)
    kind = ITEM_TYPES.get(item.type)
    own = {one: gettext(text) for one, text in TrueFalse.OPTIONS.items()}
    texts = own if item.type == TrueFalse.code else item.options
    found: dict[str, Any] = {
        "position": 1,
        "type": item.type,
        "marks": form.marks if form else 0,
        "stem": item.stem,
        "options": [{"id": one, "text": texts[one]} for one in (kind.option_ids(item.shown()) if kind else ())
                    if one in texts],
        "media": {name: url_for("author.media", digest=one.sha256) for name, one in item.media.items()},
        "control": "choice" if item.type in CHOICE_TYPES or kind is None else item.type,
        "tasks": tasks(item.type, partial=level.theory.paper.partial_credit) if kind else (),
        "answer": [],
        "flagged": False,
        "seq": 0,
    }  # fmt: skip
    if item.stimulus:
        found["stimulus"] = 1
    return found


def group(item: BankItem) -> Group:
    one = item.stimulus
    return Group(material(one) if one else None, (shown(item),))


def material(one: Stimulus) -> dict[str, Any]:
    """Its sound has an address here: those who write it hear it as often as they like."""
    addresses = {name: url_for("author.media", digest=file.sha256) for name, file in one.media.items()}
    return {
        "number": 1,
        "code": one.id,
        "title": one.title,
        "text": one.text,
        "media": {name: addresses[name] for name in pictures(one.text) if name in addresses},
        "plays": one.plays,
        "plays_left": one.plays,
        "sound": addresses.get(one.audio, ""),
    }
