"""Writing tasks: a new one, and the editor of a draft, which works without script and loses nothing."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.access import principal, requires
from app.web.author import task_form, task_words
from app.web.author.saving import number
from app.web.author.task_page import about
from app.web.author.tasks import bp, kind_choices, trade_choices
from app.web.errors import render
from app.web.titles import level_choices
from question_bank.stimuli import Media
from question_bank.tasks import judging, writing
from question_bank.tasks.drafts import Draft, draft_of
from question_bank.tasks.skeletons import skeleton
from question_bank.tasks.subject import task_id_of
from question_bank.workshop.subject import Seen


class NewTaskForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Code, scheme and kind are for ever; everything else is written in the editor."""

    level = SelectField(lazy_gettext("Level"), validators=[InputRequired(lazy_gettext("Choose a level."))])
    kind = SelectField(lazy_gettext("Kind"), validators=[InputRequired(lazy_gettext("Choose a kind."))])
    trade = SelectField(lazy_gettext("Trade"), validators=[InputRequired(lazy_gettext("Choose a trade."))])
    code = StringField(
        lazy_gettext("Code"),
        validators=[
            InputRequired(lazy_gettext("Give the task a code.")),
            Length(max=60),
            Regexp(
                r"[A-Za-z0-9][A-Za-z0-9._-]*$",
                message=lazy_gettext("Letters, figures, dots and hyphens, as call-finance-01."),
            ),
        ],
    )
    title = StringField(
        lazy_gettext("Title"), validators=[InputRequired(lazy_gettext("Give the task a title.")), Length(max=200)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices, self.kind.choices = level_choices(), kind_choices()
        self.trade.choices = trade_choices()

    def draft(self) -> Draft:
        scheme, _sign, level = self.level.data.rpartition("/")
        common = {name: self[name].data.strip() for name in ("code", "kind", "trade", "title")}
        return Draft({**common, "scheme": scheme, "levels": [level], "source": "own"}, skeleton(common["kind"]))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ITEMS)
def new_task() -> ResponseReturnValue:
    form, refused = NewTaskForm(), ""
    if form.validate_on_submit():
        try:
            writing.create_task(db.session(), principal().actor, form.draft(), clock.now())
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            flash(_("The draft is begun. Nothing is lost from now on: every saving is kept."), "success")
            return redirect(url_for(".edit", code=form.code.data), 303)
    page = render_template("author/task_new.html", form=form, refused=refused)
    return page, 422 if request.method == "POST" else 200


@bp.get("/<code>/edit")
@requires(Permission.EDIT_ITEMS)
def edit(code: str) -> ResponseReturnValue:
    found = about(code)
    if found["open"] is None:
        flash(_("Nobody is working on this task now. Begin a new version first."), "warn")
        return redirect(url_for(".task", code=code), 303)
    version = found["open"]
    return _editor(found, draft_of(version.body), Seen(version.number, version.edition))


@bp.post("/<code>/edit")
@requires(Permission.EDIT_ITEMS)
def save(code: str) -> ResponseReturnValue:
    """Everything typed is kept, whole or not; what was to follow may still be refused."""
    session, who = db.session(), principal().actor
    found = about(code)
    row, seen = found["row"], Seen(number("revision"), number("edition"))
    draft = task_form.draft_from(request.form, {"code": row.code, "scheme": row.scheme, "kind": row.kind})
    saved = False
    try:
        gone = request.form.getlist("gone")
        made = writing.save(session, who, task_id_of(session, code), seen, draft, clock.now(), _sounds(), gone)
        session.commit()
        saved, seen = True, Seen(made.number, made.edition)
        if request.form.get("do") == "submit":
            judging.submit(session, who, row.id, seen, clock.now())
            session.commit()
            flash(_("Submitted. A reviewer who wrote nothing of it reads it next."), "success")
            return redirect(url_for(".task", code=code), 303)
    except Refusal as refusal:
        session.rollback()
        if not saved and refusal.code == "task_changed":
            seen = _latest(code)
            refusal.message = _OTHER
        return _editor(about(code), draft, seen, render(refusal), kept=saved), refusal.status
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", code=code), 303)


_OTHER = N_(
    "Somebody else saved this task since you opened it, so yours is not kept yet; it stands below as you typed it. "
    "Open the task in another window and compare, then save again to let yours stand."
)


def _latest(code: str) -> Seen:
    version = about(code)["open"]
    return Seen(version.number, version.edition) if version else Seen(0, 0)


def _sounds() -> list[Media]:
    found = []
    for file in request.files.getlist("sound"):
        if file.filename:
            name = PurePosixPath(file.filename.replace("\\", "/")).name[-100:]
            found.append(Media(name, file.read()))
    return found


def _editor(found: dict[str, Any], draft: Draft, seen: Seen, refused: str = "", *, kept: bool = True) -> str:
    version = found["open"]
    faults = task_words.told(judging.looked(version).problems) if version and kept else []
    return render_template(
        "author/task_edit.html", **found, draft=draft, fields=task_form.fields_of(draft), seen=seen,
        sheet_lines=task_form.sheet_lines(draft), refused=refused, faults=faults, kept=kept, trades=trade_choices(),
        media=version.media if version else {}, remark=version.remark if version else "",
    )  # fmt: skip
