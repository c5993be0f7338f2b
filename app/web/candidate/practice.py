"""Practising on the screen: choosing a level, the paper in the exam's own player, and what was right and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.delivery import practice, reviewing, showing
from app.models.exam import AttemptState
from app.models.practice import Practice
from app.web import access
from app.web.api.practice import picture_address
from app.web.candidate.paper import entries_of, sections
from app.web.titles import full_title

bp = Blueprint("practice", __name__)


@bp.get("/practice")
@access.requires(Permission.SIT_EXAM)
def index() -> ResponseReturnValue:
    session, user_id = db.session(), access.principal().user_id
    return render_template(
        "practice/index.html", offers=practice.offers(session), practices=practice.history(session, user_id),
        now=clock.now(),
    )  # fmt: skip


@bp.post("/practice")
@access.requires(Permission.SIT_EXAM)
def begin() -> ResponseReturnValue:
    code, level = request.form.get("scheme", ""), request.form.get("level", "")
    found = practice.begin(db.session(), access.principal().user_id, code, level, clock.now())
    db.session.commit()
    return redirect(url_for("practice.sit", practice_id=found.id), 303)


@bp.get("/exam/practice-<id:practice_id>")
@access.requires(Permission.SIT_EXAM)
def sit(practice_id: int) -> ResponseReturnValue:
    """Below the exam's own address, so that the same keeper of pages keeps it for a time without a network."""
    now = clock.now()
    found = practice.own(db.session(), access.principal().user_id, practice_id, now)
    db.session.commit()
    if found.submitted_at is not None:
        return redirect(url_for("practice.show", practice_id=practice_id))
    page = render_template("candidate/exam.html", exam=_paper(found, now), player=_player(found))
    return Response(page, headers={"X-Exam-Page": "paper"})


@bp.post("/practice/<id:practice_id>/submit")
@access.requires(Permission.SIT_EXAM)
def submit(practice_id: int) -> ResponseReturnValue:
    """Where the player cannot hand in by itself."""
    try:
        client = UUID(request.form.get("client", ""))
    except ValueError as error:
        raise Refusal("client_unknown", N_("The page lost track of your exam. Reload it and hand in again.")) from error
    now = clock.now()
    found = practice.own(db.session(), access.principal().user_id, practice_id, now)
    practice.submit(db.session(), found, client, now)
    db.session.commit()
    return redirect(url_for("practice.show", practice_id=practice_id), 303)


@bp.get("/practice/<id:practice_id>")
@access.requires(Permission.SIT_EXAM)
def show(practice_id: int) -> ResponseReturnValue:
    session = db.session()
    found = practice.own(session, access.principal().user_id, practice_id, clock.now())
    session.commit()
    if found.submitted_at is None:
        return redirect(url_for("practice.sit", practice_id=practice_id))
    reviewed = reviewing.review(session, found)
    items = practice.placed(session, found)
    shown = showing.items_shown(session, 0, items, gettext, picture_address(practice_id))
    return render_template(
        "practice/show.html", practice=found, title=full_title(found.scheme, found.level), reviewed=reviewed,
        shown={one["position"]: one for one in shown["items"]},
        stimuli={one["number"]: one for one in shown.get("stimuli", [])},
        rows=(found.marks_by_row or {"rows": []})["rows"], only_wrong=request.args.get("show") == "wrong",
        wrong=sum(not one.right for one in reviewed),
    )  # fmt: skip


def _paper(found: Practice, now: datetime) -> dict[str, Any]:
    session = db.session()
    level = practice.level_of(found)
    form = level.theory.paper
    shown = showing.items_shown(session, 0, practice.placed(session, found), gettext, picture_address(found.id))
    entries = entries_of(shown["items"], practice.responses_of(session, found), partial=form.partial_credit)
    return {
        "id": f"practice-{found.id}",
        "practice": True,
        "client": found.client,
        "state": AttemptState.IN_PROGRESS,
        "deadline": found.deadline,
        "server_time": now,
        "next_seq": found.last_seq + 1,
        "title": full_title(found.scheme, found.level),
        "positions": len(entries),
        "sections": sections(entries, shown.get("stimuli", []), list(form.types), partial=form.partial_credit),
        "page_url": url_for("practice.sit", practice_id=found.id),
        "submit_url": url_for("practice.submit", practice_id=found.id),
        "changes_url": url_for("api.practice_changes", practice_id=found.id),
        "plays_url": "",
    }


def _player(found: Practice) -> dict[str, Any]:
    """As of a real paper, without a token of its own: the log-in is enough, and nothing of it is carried on a stick."""
    return {
        "paper": f"practice-{found.id}",
        "user": found.user_id,
        "receipt": "",
        "notice": 0,
        "submit-url": url_for("api.practice_submit", practice_id=found.id),
        "notices-url": "",
        "worker": url_for("exam.worker"),
    }
