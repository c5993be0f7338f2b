"""Writing: a new item, and the editor of a draft, which works without script and loses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.bank import Item
from app.schemes.scheme import scheme as scheme_of
from app.web.access import principal, requires
from app.web.author import meeting, saving, typed, words
from app.web.author.forms import NewItemForm
from app.web.author.views import bp
from app.web.errors import render
from question_bank.item_text import GAP
from question_bank.item_types import ITEM_TYPES
from question_bank.items import known_codes
from question_bank.workshop import reading, review, revisions
from question_bank.workshop.content import Content
from question_bank.workshop.diff import FieldChange
from question_bank.workshop.reading import ItemFile
from question_bank.workshop.shared import materials_of
from question_bank.workshop.subject import Seen

_NUMBERED = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True)
class Draft:
    """What stands in the editor: as kept, or as typed where it could not be kept."""

    content: Content
    seen: Seen
    enemies: str
    refused: str = ""
    apart: list[FieldChange] = field(default_factory=list)
    """Where somebody else wrote the same field: their text against one's own."""
    kept: bool = False
    """It was saved, and only what was to follow is refused."""


@bp.route("/items/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ITEMS)
def new_item() -> ResponseReturnValue:
    """Begins a draft; `like` names an item to stand beside."""
    form, refused = NewItemForm(), ""
    if form.validate_on_submit():
        try:
            return _begun(form)
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
    elif request.method == "GET" and (like := request.args.get("like", "")):
        _as_beside(form, like)
    page = render_template("author/new.html", form=form, refused=refused)
    return page, 422 if request.method == "POST" else 200


@bp.get("/items/<code>/edit")
@requires(Permission.EDIT_ITEMS)
def edit(code: str) -> ResponseReturnValue:
    file = reading.item_file(db.session(), reading.item_id_of(db.session(), code))
    if file.open is None:
        flash(_("Nobody is revising this item now. Begin a revision first."), "warn")
        return redirect(url_for(".item", code=code), 303)
    seen = Seen(file.open.number, file.open.edition)
    return _editor(file, Draft(dict(file.open.content), seen, saving.enemies_text(file)))


@bp.post("/items/<code>/edit")
@requires(Permission.EDIT_ITEMS)
def save(code: str) -> ResponseReturnValue:
    """Every button keeps what was typed; the one that was pressed says what else happens."""
    session = db.session()
    file = reading.item_file(session, reading.item_id_of(session, code))
    seen = Seen(saving.number("revision"), saving.number("edition"))
    content = typed.content_of_form(request.form)
    do, _sign, what = request.form.get("do", "save").partition(":")
    made = None
    try:
        made = saving.save(session, principal().actor, file, seen, content, do, what, clock.now())
        session.commit()
        if do == "submit":
            review.submit(session, principal().actor, file.item.id, Seen(made.number, made.edition), clock.now())
            session.commit()
    except Refusal as refusal:
        session.rollback()
        shown = _submitted_in_vain(code, refusal) if made else _refused(code, seen, content, refusal)
        return shown, refusal.status
    return _next(code, do)


def _begun(form: NewItemForm) -> ResponseReturnValue:
    scheme, _sign, level = form.level.data.rpartition("/")
    content = typed.blank(form.type.data, form.row.data or "", form.content.data or "")
    revisions.create_item(
        db.session(), principal().actor, code=form.code.data, scheme=scheme, level=level, content=content,
        now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(_("The draft is begun. Nothing is lost from now on: every saving is kept."), "success")
    return redirect(url_for(".edit", code=form.code.data), 303)


def _as_beside(form: NewItemForm, like: str) -> None:
    """The same place, and the next code that is free."""
    session = db.session()
    item, _faults = reading.draft_item(session, reading.item_id_of(session, like))
    form.level.data, form.type.data = f"{item.scheme}/{item.level}", item.type
    form.row.data, form.content.data = item.row, item.content
    if found := _NUMBERED.fullmatch(like):
        first, figures = found[1], found[2]
        wanted = [f"{first}{int(figures) + step:0{len(figures)}}" for step in range(1, 500)]
        taken = known_codes(session, wanted)
        form.code.data = next((one for one in wanted if one not in taken), "")


def _refused(code: str, seen: Seen, content: Content, refusal: Refusal) -> str:
    session = db.session()
    file = reading.item_file(session, reading.item_id_of(session, code))
    enemies = request.form.get("enemies", "")
    if refusal.code == "revision_stale" and file.open:
        now = Seen(file.open.number, file.open.edition)
        merged, apart = meeting.brought_together(session, file.item.id, seen, content, dict(file.open.content))
        return _editor(file, Draft(merged, now, enemies, render(refusal), apart))
    return _editor(file, Draft(content, seen, enemies, render(refusal)))


def _submitted_in_vain(code: str, refusal: Refusal) -> str:
    """It was kept, only not handed over."""
    file = reading.item_file(db.session(), reading.item_id_of(db.session(), code))
    if file.open is None:
        raise refusal
    incomplete = refusal.code == "item_incomplete"
    refused = _("Saved, but not submitted yet: something is missing or wrong.") if incomplete else render(refusal)
    now = Seen(file.open.number, file.open.edition)
    return _editor(file, Draft(dict(file.open.content), now, saving.enemies_text(file), refused, kept=True))


def _next(code: str, do: str) -> ResponseReturnValue:
    if do == "submit":
        flash(_("Submitted. A reviewer who wrote nothing of it reads it next."), "success")
        return redirect(url_for(".item", code=code), 303)
    if do == "preview":
        return redirect(url_for(".preview", code=code), 303)
    flash(_("Saved."), "success")
    anchors = {"add-option": "options", "add-entry": "options", "remove-option": "options", "add-gap": "key",
               "add-criterion": "criteria", "remove-criterion": "criteria"}  # fmt: skip
    anchor = anchors.get(do) or ("material" if "material" in do or "recording" in do else None)
    return redirect(url_for(".edit", code=code, _anchor=anchor), 303)


def _editor(file: ItemFile, draft: Draft) -> str:
    item: Item = file.item
    found, faults = reading.draft_item(db.session(), item.id)
    level = scheme_of(item.scheme).level(item.level)
    context: dict[str, Any] = {
        "file": file,
        "draft": draft,
        "content": draft.content,
        "level": level,
        "types": list(ITEM_TYPES),
        "gaps": len(GAP.findall(str(draft.content["stem"]))),
        "faults": words.faults_told(faults, found),
        "findings": words.findings(found) if not faults else [],
        "remarks": [one for one in file.comments if one.resolved_at is None],
        "materials": materials_of(db.session(), item.scheme, item.level),
    }
    return render_template("author/edit.html", **context)
