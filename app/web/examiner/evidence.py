"""Evidence of a sheet on a page of its own, for a browser without script."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models import practical as tables
from app.practical.marking import evidence, sheets
from app.practical.marking.standing import value_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.views import bp
from app.web.language import chosen
from app.web.state_names import state_name

KINDS = ("photo", "audio", "screen", "file")


class EvidenceForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    criterion = SelectField(_("Criterion"), validators=[InputRequired()])
    kind = SelectField(_("Kind"), validators=[InputRequired()])
    file = FileField(_("File"), validators=[FileRequired(_("Choose a file."))])
    caption = StringField(_("What it shows"), validators=[Length(max=evidence.LONGEST_CAPTION)])
    from_second = IntegerField(_("From second"), validators=[Optional(), NumberRange(0, 86_400)])
    to_second = IntegerField(_("To second"), validators=[Optional(), NumberRange(0, 86_400)])

    def __init__(self, sheet: tables.RubricSheet, **values: Any) -> None:
        super().__init__(**values)
        rubric = value_of(sheet).rubric
        english = chosen() == "en"
        self.criterion.choices = [
            (one.id, f"{one.id} {one.name_en if english else one.name}") for one in rubric.criteria
        ]
        self.kind.choices = [(kind, state_name(f"evidence_{kind}")) for kind in KINDS]


@bp.route("/sheets/<id:sheet_id>/evidence", methods=["GET", "POST"])
@requires(Permission.MARK_PRACTICAL)
def evidence_of(sheet_id: int) -> ResponseReturnValue:
    session, who = db.session(), principal()
    own = sheets.own_sheet(session, sheet_id, who.user_id)
    form, status = EvidenceForm(own), 200
    form.refused = ""
    if form.validate_on_submit():
        piece = evidence.Piece(
            uuid4(), form.criterion.data, form.kind.data, form.file.data.read(), form.caption.data or "",
            form.from_second.data, form.to_second.data,
        )  # fmt: skip
        try:
            evidence.add(session, who.actor, sheet_id, who.user_id, piece, clock.now())
            session.commit()
            return redirect(url_for(".evidence_of", sheet_id=sheet_id), 303)
        except Refusal as refusal:
            session.rollback()
            own = sheets.own_sheet(session, sheet_id, who.user_id)
            form.refused, status = render(refusal), refusal.status
    elif form.is_submitted():
        status = 422
    found = evidence.by_criterion(session, [sheet_id])
    return render_template("examiner/evidence.html", sheet=own, form=form, evidence=found), status


@bp.post("/evidence/<id:evidence_id>/remove")
@requires(Permission.MARK_PRACTICAL)
def remove_evidence(evidence_id: int) -> ResponseReturnValue:
    session, who = db.session(), principal()
    sheet_id = evidence.opened(session, evidence_id, who.user_id, reads_all=False).sheet_id
    evidence.remove(session, who.actor, evidence_id, who.user_id)
    session.commit()
    return redirect(url_for(".evidence_of", sheet_id=sheet_id), 303)
