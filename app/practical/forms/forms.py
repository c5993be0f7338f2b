"""Sheets built by registrars: a draft is submitted, another registrar puts it in force, the one before is replaced.

Sheets that were made already keep what they were made from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.sheet_forms import FormState, SheetForm
from app.practical.forms.body import FormBody, body_of
from app.practical.forms.checks import Problem, problems_of
from app.practical.forms.diff import Change, differences
from app.practical.forms.rubric import rubric_of
from app.practical.marking.rubric import Rubric
from app.registration.locks import locked
from app.schemes.scheme import PracticalPart
from app.schemes.scheme import scheme as scheme_of


def rubric_in_force(session: Session, scheme: str, level: str) -> Rubric:
    """What sheets of a level are made from today: the registrars' form, or the scheme's own sheet."""
    form = form_in_force(session, scheme, level)
    return rubric_of(body(form), part_of(form)) if form else Rubric.of(scheme_of(scheme).level(level).practical)


def form_in_force(session: Session, scheme: str, level: str) -> SheetForm | None:
    return session.scalar(
        select(SheetForm).where(
            SheetForm.scheme == scheme, SheetForm.level == level, SheetForm.state == FormState.IN_FORCE
        )
    )


def versions(session: Session, scheme: str, level: str) -> list[SheetForm]:
    """The latest first."""
    wanted = select(SheetForm).where(SheetForm.scheme == scheme, SheetForm.level == level)
    return list(session.scalars(wanted.order_by(SheetForm.number.desc())))


def form(session: Session, form_id: int) -> SheetForm:
    found = session.get(SheetForm, form_id)
    if found is None:
        raise NotFound()
    return found


def body(one: SheetForm) -> FormBody:
    return FormBody.model_validate(one.body)


def part_of(one: SheetForm) -> PracticalPart:
    return scheme_of(one.scheme).level(one.level).practical


def problems(one: SheetForm) -> tuple[Problem, ...]:
    return problems_of(body(one), part_of(one))


def changes_of(session: Session, one: SheetForm) -> tuple[Change, ...]:
    """Against what it replaced, or while nobody has decided, against what is in force now."""
    decided = one.state in (FormState.IN_FORCE, FormState.REPLACED)
    before = FormBody.model_validate(one.base_body) if decided else _standing(session, one)
    return differences(before, body(one))


def refuse_unfit(one: SheetForm) -> None:
    """Before it is submitted, shown to an examiner's eyes or printed."""
    if found := problems(one):
        message = N_("The sheet does not fit together yet: %(count)s places. Each is named at its field; mend them.")
        raise Refusal("sheet_form_unfit", message, details={"problems": _told(found)}, count=len(found))


def start_form(
    session: Session, actor: Actor, scheme: str, level: str, now: datetime, *, base: int | None = None
) -> SheetForm:
    """A draft from another form, or from what is in force for the level; the areas are always the level's own."""
    code = scheme_of(scheme).level(level).code
    begun = body(form(session, base)) if base is not None else body_of(rubric_in_force(session, scheme, code))
    return _draft(session, actor, scheme, code, begun, now)


def start_from_scheme(
    session: Session, actor: Actor, scheme: str, level: str, now: datetime, *, source: str | None = None
) -> SheetForm:
    """A draft from the scheme's own sheet, of this level or of another one."""
    target, giver = scheme_of(scheme).level(level), scheme_of(scheme).level(source or level)
    return _draft(session, actor, scheme, target.code, body_of(Rubric.of(giver.practical)), now)


def save_form(
    session: Session, actor: Actor, form_id: int, edition: int, typed: FormBody, now: datetime, *, reason: str = ""
) -> SheetForm:
    """Keeps what was typed, fit or not; only the author's own draft, and not over a saving unseen."""
    one = _own_draft(session, actor, form_id, edition)
    new = typed.model_dump(mode="json")
    if reason != one.reason:
        check_reason(reason)
        one.reason = reason
    if new != one.body:
        one.body, one.changed_at = new, now
        one.edition += 1
        session.flush()
        audit.record(session, "sheet_form:saved", actor, "sheet_form", one.id, edition=one.edition)
    return one


def submit_form(session: Session, actor: Actor, form_id: int, edition: int, reason: str, now: datetime) -> SheetForm:
    """For another registrar to decide; with a reason, and only if everything fits together."""
    one = _own_draft(session, actor, form_id, edition)
    refuse_unfit(one)
    check_reason(reason)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why the sheet changes: the reason is kept with it."))
    one.state, one.reason, one.remark, one.submitted_at = FormState.SUBMITTED, said(reason), "", now
    session.flush()
    audit.record(session, "sheet_form:submitted", actor, "sheet_form", one.id, reason=one.reason)
    return one


def approve_form(session: Session, actor: Actor, form_id: int, remark: str, now: datetime) -> SheetForm:
    """In force from now on, for sheets that are made from now on; the one before is replaced."""
    _hold_level(session, form(session, form_id))
    one = _submitted(session, actor, form_id)
    check_reason(remark)
    if found := problems(one):  # the scheme's file may have changed since
        message = N_("The sheet does not fit the scheme any more: %(count)s places. Send it back to its author.")
        raise Refusal("sheet_form_unfit", message, status=409, details={"problems": _told(found)}, count=len(found))
    before = form_in_force(session, one.scheme, one.level)
    one.base_body = _standing(session, one).model_dump(mode="json")
    if before is not None:
        before.state, before.replaced_at = FormState.REPLACED, now
        session.flush()
    one.state, one.approved_by, one.remark, one.decided_at = FormState.IN_FORCE, actor.user_id, said(remark), now
    session.flush()
    changes = len(changes_of(session, one))
    audit.record(
        session, "sheet_form:in_force", actor, "sheet_form", one.id,
        scheme=one.scheme, level=one.level, number=one.number, replaces=before.id if before else None, changes=changes,
    )  # fmt: skip
    return one


def send_back(session: Session, actor: Actor, form_id: int, remark: str, now: datetime) -> SheetForm:
    one = _submitted(session, actor, form_id)
    check_reason(remark)
    if not said(remark):
        raise Refusal("reason_missing", N_("Say what has to change: the author reads it."))
    one.state, one.remark, one.decided_at = FormState.DRAFT, said(remark), now
    one.edition += 1
    session.flush()
    audit.record(session, "sheet_form:sent_back", actor, "sheet_form", one.id, remark=one.remark)
    return one


def abandon_form(session: Session, actor: Actor, form_id: int, now: datetime) -> SheetForm:
    """The author gives the draft up, or takes a submitted one back for good."""
    one = _held(session, form_id)
    _refuse_other_author(one, actor)
    if one.state == FormState.ABANDONED:
        return one
    if one.state not in (FormState.DRAFT, FormState.SUBMITTED):
        raise _not_in_state(one)
    one.state, one.decided_at = FormState.ABANDONED, now
    session.flush()
    audit.record(session, "sheet_form:abandoned", actor, "sheet_form", one.id)
    return one


def _draft(session: Session, actor: Actor, scheme: str, level: str, begun: FormBody, now: datetime) -> SheetForm:
    one = SheetForm(scheme=scheme, level=level, author_id=actor.user_id, created_at=now, changed_at=now)
    _hold_level(session, one)
    mine = (SheetForm.scheme == scheme, SheetForm.level == level)
    number = (session.scalar(select(func.max(SheetForm.number)).where(*mine)) or 0) + 1
    one.number, one.body = number, begun.model_dump(mode="json")
    one.base_body = _standing(session, one).model_dump(mode="json")
    session.add(one)
    session.flush()
    audit.record(session, "sheet_form:started", actor, "sheet_form", one.id, scheme=scheme, level=level, number=number)
    return one


def _hold_level(session: Session, one: SheetForm) -> None:
    """Versions of a level are numbered and put in force one after another."""
    key = f"sheet_form:{one.scheme}:{one.level}"
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _standing(session: Session, one: SheetForm) -> FormBody:
    return body_of(rubric_in_force(session, one.scheme, one.level))


def _held(session: Session, form_id: int) -> SheetForm:
    return locked(session, SheetForm, form_id)


def _own_draft(session: Session, actor: Actor, form_id: int, edition: int) -> SheetForm:
    one = _held(session, form_id)
    _refuse_other_author(one, actor)
    if one.state != FormState.DRAFT:
        raise _not_in_state(one)
    if one.edition != edition:
        message = N_(
            "This draft was saved elsewhere since you opened it (saving %(there)s, yours was %(here)s)."
            " What you typed is still on this page; press again to put it in place of that."
        )
        details = {"edition": one.edition}
        raise Refusal("sheet_form_moved_on", message, status=409, details=details, there=one.edition, here=edition)
    return one


def _submitted(session: Session, actor: Actor, form_id: int) -> SheetForm:
    one = _held(session, form_id)
    if one.state != FormState.SUBMITTED:
        raise _not_in_state(one)
    if one.author_id == actor.user_id:
        message = N_("Nobody decides on a sheet of their own. Ask another registrar.")
        raise Refusal("own_sheet_form", message, status=409)
    return one


def _refuse_other_author(one: SheetForm, actor: Actor) -> None:
    if one.author_id != actor.user_id:
        message = N_("Only %(author)s, who wrote this draft, changes it. Start one of your own from it.")
        raise Refusal("not_your_form", message, status=409, author=one.author.name)


def _not_in_state(one: SheetForm) -> Refusal:
    message = N_("Version %(number)s is not in a state for that any more. Reload the page.")
    return Refusal("sheet_form_state", message, status=409, details={"state": one.state}, number=one.number)


def _told(found: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [{"where": one.where, "reason": one.message, "params": one.params} for one in found]
