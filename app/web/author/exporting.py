"""Items into a file: what fits the filters, what the format cannot carry, and the file itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.access import principal, requires
from app.web.author.forms import FilterForm
from app.web.author.views import bp
from app.web.author.words import field_name, sentence
from app.web.errors import render
from question_bank.formats.registry import FORMATS
from question_bank.formats.values import Loss, Written
from question_bank.workshop import files
from question_bank.workshop.finding import find, find_ids


@bp.get("/export")
@requires(Permission.READ_BANK)
def export_items() -> ResponseReturnValue:
    """With a format chosen, also what the file would lose, before anybody loads it down."""
    form = FilterForm(request.args)
    kind, made, refused = request.args.get("format", ""), None, ""
    if kind:
        try:
            made = _made(form, kind)
        except Refusal as refusal:
            refused = render(refusal)
        db.session.rollback()  # nothing left the bank yet, so nothing is logged
    right = form.validate()
    total = find(db.session(), form.wanted(principal().user_id), 1, 1).total if right else 0
    return render_template(
        "author/export.html", form=form, narrowed=form.narrowed(), total=total, chosen=kind, made=made, refused=refused,
        formats=[(code, one.name) for code, one in FORMATS.items()], field_name=field_name,
        losses=_grouped(made.losses) if made else [],
    )  # fmt: skip


@bp.post("/export")
@requires(Permission.READ_BANK)
def export_file() -> Response:
    made = _made(FilterForm(request.args), request.args.get("format", ""))
    db.session.commit()
    return send_file(BytesIO(made.content), "application/octet-stream", as_attachment=True, download_name=made.name)


def _made(form: FilterForm, kind: str) -> Written:
    if kind not in FORMATS or not form.validate():
        raise Refusal("filter_wrong", N_("The filters of the list are not right. Mend them first."))
    wanted = form.wanted(principal().user_id)
    return files.send(db.session(), principal().actor, kind, find_ids(db.session(), wanted, files.MOST_OUT))


def _grouped(losses: Iterable[Loss]) -> list[tuple[str, str, list[str]]]:
    """Field, what is lost of it, and the codes of all items that lose it."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in losses:
        found[one.field, sentence(one.message, one.params)].append(one.item)
    return [(field, words, [code for code in codes if code]) for (field, words), codes in found.items()]
