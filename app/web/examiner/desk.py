"""The desk of a panel's head: sheets that are apart, corrections, late entries, and the score register to sign.

Registrars find the same here, auditors read it. Nobody sees the sheets of a candidate whom they still have to mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.account import User
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Part, SessionState
from app.practical.marking import (
    corrections,
    discarding,
    entries,
    evidence,
    heads,
    reconciling,
    register,
    thirds,
    versions,
)
from app.practical.marking.merging import EntryKind
from app.practical.marking.rubric import Rubric
from app.practical.marking.standing import Standing, seat_standing
from app.practical.typed.code import code_of
from app.registration.planning import exam_session
from app.registration.seating import seat_of
from app.web.access import principal, requires
from app.web.files import sandboxed
from app.web.language import chosen
from app.web.paging import asked_page, pages_of
from app.web.presentation import figure

bp = Blueprint("panel_desk", __name__, url_prefix="/panel/<id:session_id>")
PAGE = 100


@dataclass(frozen=True)
class Desk:
    """Whose desk it is, and what may be done at it."""

    sitting: ExamSession
    head: User | None
    is_head: bool
    registrar: bool

    @property
    def acts(self) -> bool:
        return (self.is_head or self.registrar) and self.sitting.state in (SessionState.OPEN, SessionState.CLOSED)


@bp.get("")
@requires(None)
def show(session_id: int) -> ResponseReturnValue:
    desk, session, page = _desk(session_id), db.session(), asked_page()
    found = register.present(session, session_id)
    standings = found.standings
    ids = {sheet.id: one for one in standings for sheet in [*one.sheets.values(), *chain(*one.raters.values())]}
    late = [(ids[entry.sheet_id], entry) for entry in entries.late_entries(session, ids)]
    return render_template(
        "examiner/desk.html",
        desk=desk,
        standings=standings,
        page=page,
        pages=pages_of(len(standings), PAGE),
        looked_at=standings[(page - 1) * PAGE : page * PAGE],
        waiting=[(version, sheet, ids[sheet.id]) for version, sheet in corrections.waiting_of(session, session_id)],
        late=[(one, entry) for one, entry in late if reconciling.open_to(one, principal().user_id)],
        open_to=lambda one: reconciling.open_to(one, principal().user_id),
        versions_of=lambda sheet: versions.versions_of(session, sheet.id),
        entry_words=entry_words,
        rater_group=rater_group,
        valid=found.signed,
    )


@bp.get("/seats/<id:seat_id>")
@requires(None)
def seat(session_id: int, seat_id: int) -> ResponseReturnValue:
    desk, standing = _desk(session_id), _standing(session_id, seat_id)
    return _seat_page(desk, standing)


@bp.post("/seats/<id:seat_id>/third")
@requires(None)
def call_third(session_id: int, seat_id: int) -> ResponseReturnValue:
    _acting(session_id)
    _standing(session_id, seat_id)
    examiner = request.form.get("examiner", "")
    if not examiner.isdecimal() or len(examiner) > 18:
        raise Refusal("examiner_missing", N_("Choose an examiner."))
    thirds.assign_third(db.session(), principal().actor, seat_id, int(examiner), clock.now())
    db.session.commit()
    flash(_("The third examiner now has a sheet for this candidate."), "success")
    return redirect(url_for(".seat", session_id=session_id, seat_id=seat_id), 303)


@bp.post("/seats/<id:seat_id>/talk")
@requires(None)
def talk(session_id: int, seat_id: int) -> ResponseReturnValue:
    _acting(session_id)
    standing = _standing(session_id, seat_id)
    reconciling.note_talk(db.session(), principal().actor, standing, request.form.get("note", ""), clock.now())
    db.session.commit()
    flash(_("The talk is on record."), "success")
    return redirect(url_for(".seat", session_id=session_id, seat_id=seat_id), 303)


@bp.get("/seats/<id:seat_id>/discarded/<id:evidence_id>")
@requires(None)
def discarded_evidence(session_id: int, seat_id: int, evidence_id: int) -> ResponseReturnValue:
    """Evidence of a sheet taken out of work; hidden as long as the sheets are."""
    _desk(session_id)
    if not reconciling.open_to(_standing(session_id, seat_id), principal().user_id):
        raise NotFound()
    piece = discarding.piece_of(db.session(), seat_id, evidence_id)
    return sandboxed(piece.content, piece.media_type, f"evidence-{piece.id}")


@bp.post("/corrections/<id:version_id>")
@requires(None)
def decide(session_id: int, version_id: int) -> ResponseReturnValue:
    desk, session, who = _acting(session_id), db.session(), principal()
    if version_id not in {version.id for version, _sheet in corrections.waiting_of(session, session_id)}:
        raise NotFound()
    act, answer = request.form.get("act"), request.form.get("answer", "")
    if act == "hand_over":
        corrections.hand_over(session, who.actor, version_id, who.user_id)
        session.commit()
        flash(_("The registrar decides on this correction."), "success")
    else:
        decider = corrections.Decider(who.actor, who.user_id, desk.registrar)
        corrections.decide(session, decider, version_id, agree=act == "agree", answer=answer, now=clock.now())
        session.commit()
        flash(
            _("Agreed. The corrected sheet stands, the one before is kept.")
            if act == "agree"
            else _("Declined. The sheet stands as it was signed."),
            "success",
        )
    return redirect(url_for(".show", session_id=session_id), 303)


@bp.get("/register")
@requires(None)
def score_register(session_id: int) -> ResponseReturnValue:
    desk, session, page = _desk(session_id), db.session(), asked_page()
    found, history = register.present(session, session_id), register.history_of(session, session_id)
    signers = select(User).where(User.id.in_([one.signed_by for one in history]))
    return render_template(
        "examiner/register.html",
        desk=desk,
        rows=found.shown_to(principal().user_id, slice((page - 1) * PAGE, page * PAGE)),
        page=page,
        pages=pages_of(len(found.rows), PAGE),
        digest=found.digest,
        valid=found.signed,
        history=history,
        names={user.id: user.name for user in session.scalars(signers)},
        unfinished=[row for row in found.rows if row["examined"] and row["score"] is None],
    )


@bp.post("/register")
@requires(None)
def sign_register(session_id: int) -> ResponseReturnValue:
    _acting(session_id)
    who, seen = principal(), request.form.get("seen") or None
    register.sign(db.session(), who.actor, session_id, who.user_id, clock.now(), seen=seen)
    db.session.commit()
    flash(_("Signed. The registrar can release the results as long as nothing in them changes."), "success")
    return redirect(url_for(".score_register", session_id=session_id), 303)


def _seat_page(desk: Desk, standing: Standing) -> str:
    session, signed = db.session(), standing.signed
    shown = reconciling.open_to(standing, principal().user_id)
    ids = [standing.sheets[order].id for order in signed]
    talks = reconciling.talks_of(session, [standing.seat.id])
    return render_template(
        "examiner/desk_seat.html",
        desk=desk,
        standing=standing,
        shown=shown,
        lines=reconciling.lines_of(standing) if shown else [],
        evidence=evidence.by_criterion(session, ids) if shown else {},
        free=thirds.free_examiners(session, desk.sitting, standing) if standing.outcome.needs_third else [],
        talks=[(one, session.get_one(User, one.by)) for one in talks],
        histories={order: versions.versions_of(session, standing.sheets[order].id) for order in signed}
        if shown
        else {},
        late=entries.late_entries(session, ids) if shown else [],
        entry_words=entry_words,
        discarded=discarding.discarded_of(session, standing.seat.id) if shown else [],
        kept_words=kept_words,
        moment_of=datetime.fromisoformat,
        code_of=code_of,
    )


def rater_group(sheet: RubricSheet) -> str:
    """The group of one who rates beside the examiners, by its name."""
    english = chosen() == "en"
    for group in Rubric.kept(sheet.rubric).groups:
        if group.id == sheet.rater_group:
            return group.name_en if english and group.name_en else group.name
    return sheet.rater_group


def entry_words(entry: MarkEntry) -> str:
    """What somebody did on a tablet, in words."""
    return _words(entry.kind, figure(entry.points) if entry.points is not None else None, entry.note)


def kept_words(entry: Mapping[str, Any]) -> str:
    """The same of a sheet that was taken out of work."""
    return _words(entry["kind"], entry["points"], entry["note"])


def _words(kind: str, points: object, note: str | None) -> str:
    if kind == EntryKind.POINTS:
        return str(_("Points taken away") if points is None else _("%(points)s points", points=points))
    if kind == EntryKind.NOTE:
        return str(_("Note: %(note)s", note=note or "—"))
    if kind == EntryKind.UNDO:
        return str(_("Beginning taken back: %(reason)s", reason=note or "—"))
    return str(_("Begins") if kind == EntryKind.BEGIN else _("Ends"))


def _desk(session_id: int) -> Desk:
    """For the head, the registrars, and auditors who only read; to everybody else it does not exist."""
    who = principal()
    if not (who.may(Permission.READ_SESSIONS) or who.may(Permission.MARK_PRACTICAL)):
        raise NotFound()
    sitting = exam_session(db.session(), session_id)
    head = heads.head_of(db.session(), session_id)
    if sitting.part != Part.PRACTICAL or not (who.may(Permission.READ_SESSIONS) or head == who.user_id):
        raise NotFound()
    found = db.session.get(User, head) if head is not None else None
    return Desk(sitting, found, head == who.user_id, who.may(Permission.PLAN_SESSIONS))


def _acting(session_id: int) -> Desk:
    desk = _desk(session_id)
    if not (desk.is_head or desk.registrar):
        raise NotFound()
    return desk


def _standing(session_id: int, seat_id: int) -> Standing:
    return seat_standing(db.session(), seat_of(db.session(), session_id, seat_id))
