"""What people do about one task: hand it over, judge it, put it in use, take it out."""

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
from app.web.access import principal, requires
from app.web.author.saving import number
from app.web.author.tasks import bp
from question_bank.tasks import judging, writing
from question_bank.tasks.subject import task_id_of
from question_bank.workshop.subject import Seen

Act = Callable[[Session, Actor, int, Seen, str, datetime], Any]
"""(session, actor, task, what was before their eyes, reason, now)"""
WRITING: dict[str, tuple[Act, str]] = {
    "revise": (lambda s, who, task, seen, reason, now: writing.begin_version(s, who, task, now),
               N_("A new version is begun. The one in use stays in use until it is replaced.")),
    "submit": (lambda s, who, task, seen, reason, now: judging.submit(s, who, task, seen, now),
               N_("Submitted. A reviewer who wrote nothing of it reads it next.")),
    "take-back": (lambda s, who, task, seen, reason, now: judging.take_back(s, who, task, seen, now),
                  N_("Taken back. Write on, then submit it again.")),
    "give-up": (writing.abandon, N_("Given up. What was written stays on record.")),
}  # fmt: skip
JUDGING: dict[str, tuple[Act, str]] = {
    "approve": (lambda s, who, task, seen, reason, now: judging.approve(s, who, task, seen, now, reason),
                N_("Approved. Put it in use when candidates should draw it.")),
    "send-back": (judging.send_back, N_("Sent back. Its authors find your reason with the draft.")),
    "put-in-use": (lambda s, who, task, seen, reason, now: judging.put_in_use(s, who, task, seen, now),
                   N_("In use. Candidates draw it from now on.")),
    "retire": (lambda s, who, task, seen, reason, now: judging.retire(s, who, task, reason, now),
               N_("Retired. Who has drawn it keeps it; nobody draws it any more.")),
    "reinstate": (lambda s, who, task, seen, reason, now: judging.reinstate(s, who, task, reason, now),
                  N_("Candidates may draw it again.")),
}  # fmt: skip


@bp.post('/<code>/writing/<any(revise, submit, "take-back", "give-up"):act>')
@requires(Permission.EDIT_ITEMS)
def write(code: str, act: str) -> ResponseReturnValue:
    _do(code, *WRITING[act])
    return redirect(url_for(".edit" if act == "revise" else ".task", code=code), 303)


@bp.post('/<code>/judging/<any(approve, "send-back", "put-in-use", retire, reinstate):act>')
@requires(Permission.REVIEW_ITEMS)
def judge(code: str, act: str) -> ResponseReturnValue:
    _do(code, *JUDGING[act])
    return redirect(url_for(".task", code=code), 303)


def _do(code: str, act: Act, done: str) -> None:
    session = db.session()
    seen = Seen(number("revision"), number("edition"))
    reason = request.form.get("reason", "")
    act(session, principal().actor, task_id_of(session, code), seen, reason, clock.now())
    session.commit()
    flash(f"{code}: {_(done)}", "success")
