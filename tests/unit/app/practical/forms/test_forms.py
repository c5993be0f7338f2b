"""A sheet is written by one registrar, put in force by another, and changes nothing that was made before."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role
from app.models.practical import RubricSheet
from app.models.sheet_forms import FormState
from app.practical.forms import forms
from app.practical.forms.body import FormBody
from app.practical.marking.rubric import Rubric
from app.practical.panels import panels
from tests.factories import people, practical, sheet_forms, theory
from tests.factories.sheet_forms import GROUPED, OWN, PART, actor, draft

OUT_OF_ORDER = OWN.model_copy(update={"criteria": OWN.criteria[::-1]})


def test_without_a_form_the_schemes_own_sheet_is_in_force(session: Session) -> None:
    assert forms.rubric_in_force(session, theory.SCHEME, theory.LEVEL) == Rubric.of(PART)


def test_from_draft_to_in_force_and_replaced(session: Session) -> None:
    first = sheet_forms.in_force(session)
    rubric = forms.rubric_in_force(session, theory.SCHEME, theory.LEVEL)
    assert (rubric.groups, rubric.deductions) == (sheet_forms.RUBRIC.groups, sheet_forms.RUBRIC.deductions)
    second = sheet_forms.in_force(session, OUT_OF_ORDER)
    session.refresh(first)
    assert (first.state, second.state, second.number) == (FormState.REPLACED, FormState.IN_FORCE, 2)
    assert forms.changes_of(session, second)
    assert forms.form_in_force(session, theory.SCHEME, theory.LEVEL) is second


def test_nobody_approves_their_own_and_only_the_author_edits(session: Session) -> None:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    one = draft(session, author)
    with pytest.raises(Refusal, match="Only"):
        forms.save_form(session, actor(other), one.id, one.edition, OWN, now())
    forms.submit_form(session, actor(author), one.id, one.edition, "修订", now())
    with pytest.raises(Refusal) as refused:
        forms.approve_form(session, actor(author), one.id, "", now())
    assert refused.value.code == "own_sheet_form"
    with pytest.raises(Refusal, match="what has to change"):
        forms.send_back(session, actor(other), one.id, " ", now())
    back = forms.send_back(session, actor(other), one.id, "分值过低", now())
    assert (back.state, back.remark) == (FormState.DRAFT, "分值过低")


def test_a_draft_keeps_what_does_not_fit_but_is_not_submitted(session: Session) -> None:
    author = people.user(session, Role.REGISTRAR)
    broken = FormBody(criteria=OWN.criteria[:3])
    one = draft(session, author, broken)
    assert forms.body(one) == broken
    with pytest.raises(Refusal) as refused:
        forms.submit_form(session, actor(author), one.id, one.edition, "修订", now())
    assert refused.value.code == "sheet_form_unfit"
    assert refused.value.details["problems"][0]["where"] == "criteria"
    fit = forms.save_form(session, actor(author), one.id, one.edition, OWN, now())
    with pytest.raises(Refusal, match="Say why"):
        forms.submit_form(session, actor(author), fit.id, fit.edition, "", now())


def test_a_saving_never_overwrites_one_unseen(session: Session) -> None:
    author = people.user(session, Role.REGISTRAR)
    one = draft(session, author)
    seen = one.edition
    forms.save_form(session, actor(author), one.id, seen, OWN, now())
    with pytest.raises(Refusal) as refused:
        forms.save_form(session, actor(author), one.id, seen, GROUPED, now())
    assert (refused.value.code, refused.value.details) == ("sheet_form_moved_on", {"edition": seen + 1})


def test_sheets_made_already_keep_theirs_and_a_session_is_marked_on_one_sheet(session: Session) -> None:
    old = practical.practical_session(session, candidates=2)
    panels.allocate_session(session, practical.REGISTRAR, old.id, now())
    form = sheet_forms.in_force(session)
    theory.seat(session, old, theory.application(session), 3)
    panels.allocate_session(session, practical.REGISTRAR, old.id, now())
    fresh = practical.practical_session(session, candidates=1)
    panels.allocate_session(session, practical.REGISTRAR, fresh.id, now())
    made = {exam.id: set[int | None]() for exam in (old, fresh)}
    for sheet in session.scalars(select(RubricSheet)):
        made[sheet.seat.session_id].add(sheet.form_id)
    assert made == {old.id: {None}, fresh.id: {form.id}}
