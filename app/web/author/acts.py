"""What people do about one item: hand it over, judge it, put it in use, take it out, talk about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.core.errors import N_
from app.models.bank import ItemUse
from app.web.access import principal, requires
from app.web.author.saving import id_of, number
from app.web.author.views import bp
from question_bank.workshop import comments, compromise, pairs, reading, review, revisions, use
from question_bank.workshop.subject import Seen

Act = Callable[[Session, Actor, int, Seen, str, datetime], Any]
"""(session, actor, item, what was before their eyes, reason, now)"""
WRITING: dict[str, tuple[Act, str]] = {
    "revise": (lambda s, who, item, seen, reason, now: revisions.start_revision(s, who, item, now),
               N_("The revision is begun. The version in use stays in use until it is replaced.")),
    "submit": (lambda s, who, item, seen, reason, now: review.submit(s, who, item, seen, now),
               N_("Submitted. A reviewer who wrote nothing of it reads it next.")),
    "take-back": (lambda s, who, item, seen, reason, now: review.take_back(s, who, item, seen, now),
                  N_("Taken back. Write on, then submit it again.")),
    "confirm": (lambda s, who, item, seen, reason, now: revisions.rebase(s, who, item, seen, now),
                N_("Confirmed over the newer version. Submit it when it is ready.")),
    "give-up": (revisions.abandon, N_("Given up. What was written stays on record.")),
}  # fmt: skip
JUDGING: dict[str, tuple[Act, str]] = {
    "approve": (lambda s, who, item, seen, reason, now: review.approve(s, who, item, seen, now),
                N_("Approved. Put it in use when papers should be drawn from it.")),
    "send-back": (review.send_back, N_("Sent back. Its authors find your reason with the draft.")),
    "put-in-use": (lambda s, who, item, seen, reason, now: use.put_in_use(s, who, item, seen, now),
                   N_("In use. Papers drawn from now on may hold it.")),
    "retire": (lambda s, who, item, seen, reason, now: use.retire(s, who, item, reason, now),
               N_("Retired. Papers that were drawn keep it; no new one holds it.")),
    "reinstate": (lambda s, who, item, seen, reason, now: use.reinstate(s, who, item, reason, now),
                  N_("In use again, as its newest version.")),
    "practice": (lambda s, who, item, seen, reason, now: use.change_use(s, who, item, ItemUse.PRACTICE, reason),
                 N_("For practice from now on: anyone may meet it there, no paper is drawn from it.")),
    "exam": (lambda s, who, item, seen, reason, now: use.change_use(s, who, item, ItemUse.EXAM, reason),
             N_("For exams again: papers may be drawn from it.")),
    "clear": (lambda s, who, item, seen, reason, now: compromise.clear_compromised(s, who, item, reason, now),
              N_("No longer marked as compromised. It may stand on papers again.")),
}  # fmt: skip


@bp.post('/items/<code>/writing/<any(revise, submit, "take-back", confirm, "give-up"):act>')
@requires(Permission.EDIT_ITEMS)
def write(code: str, act: str) -> ResponseReturnValue:
    _do(code, *WRITING[act])
    return redirect(url_for(".edit" if act == "revise" else ".item", code=code), 303)


@bp.post(
    '/items/<code>/judging/<any(approve, "send-back", "put-in-use", retire, reinstate, practice, exam, clear):act>'
)
@requires(Permission.REVIEW_ITEMS)
def judge(code: str, act: str) -> ResponseReturnValue:
    _do(code, *JUDGING[act])
    return redirect(url_for(".desk" if act in ("approve", "send-back") else ".item", code=code), 303)


@bp.post("/items/<code>/comments")
@requires(Permission.WORK_ON_ITEMS)
def comment(code: str) -> ResponseReturnValue:
    session, field = db.session(), request.form.get("field", "")
    item_id = reading.item_id_of(session, code)
    comments.add_comment(session, principal().actor, item_id, request.form.get("text", ""), clock.now(), field)
    session.commit()
    flash(_("The comment is kept with the draft."), "success")
    return redirect(_back(code), 303)


@bp.post("/items/<code>/comments/<id:comment_id>")
@requires(Permission.WORK_ON_ITEMS)
def resolve_comment(code: str, comment_id: int) -> ResponseReturnValue:
    session, done = db.session(), request.form.get("done") == "1"
    item_id = reading.item_id_of(session, code)
    comments.resolve(session, principal().actor, item_id, comment_id, clock.now(), done=done)
    session.commit()
    return redirect(_back(code), 303)


@bp.post("/items/<code>/enemies")
@requires(Permission.WORK_ON_ITEMS)
def change_enemies(code: str) -> ResponseReturnValue:
    """With `remove`, the two may meet on a paper again."""
    session, actor = db.session(), principal().actor
    item_id = reading.item_id_of(session, code)
    other = (request.form.get("remove") or request.form.get("enemy", "")).strip()
    change = pairs.remove_enemy if request.form.get("remove") else pairs.add_enemy
    change(session, actor, item_id, id_of(session, other))
    session.commit()
    flash(_("The items that may not share a paper with %(item)s are changed.", item=code), "success")
    return redirect(url_for(".item", code=code, _anchor="enemies"), 303)


def _do(code: str, act: Act, done: str) -> None:
    session = db.session()
    seen = Seen(number("revision"), number("edition"))
    act(session, principal().actor, reading.item_id_of(session, code), seen, request.form.get("reason", ""),
        clock.now())  # fmt: skip
    session.commit()
    flash(f"{code}: {_(done)}", "success")


def _back(code: str) -> str:
    """To the page of the comment: the review or the item."""
    return url_for(".review" if request.form.get("from") == "review" else ".item", code=code, _anchor="comments")
