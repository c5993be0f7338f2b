"""A session allocated before a new sheet came into force is marked on the new one, until somebody has begun."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.practical import RubricSheet
from app.practical.forms import renewing
from app.practical.marking import sheets
from tests.factories import practical, sheet_forms
from tests.factories.practical import REGISTRAR


def test_before_anybody_has_begun_the_new_form_is_taken(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    assert renewing.newer_form(session, exam) is None
    form = sheet_forms.in_force(session)
    assert renewing.newer_form(session, exam) is form
    assert renewing.use_new_form(session, REGISTRAR, exam.id) == 2
    made = session.scalars(select(RubricSheet)).all()
    assert {one.form_id for one in made} == {form.id}
    assert {one.rater_group for one in made} == {"examiner", "self"}
    assert all(one.rubric == sheet_forms.RUBRIC.to_keep() for one in made)
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "session:sheet_form:renewed")).one()
    assert (line.data["before"], line.data["form"]) == (None, form.id)
    with pytest.raises(Refusal) as refused:
        renewing.use_new_form(session, REGISTRAR, exam.id)
    assert refused.value.code == "form_in_use"
    for duty in (first, second):
        practical.mark_and_sign(session, duty, "80")
    later = sheet_forms.in_force(session, sheet_forms.OWN)
    assert later.id != form.id
    assert renewing.newer_form(session, exam) is None


def test_a_group_that_is_no_more_leaves_with_its_sheets(session: Session) -> None:
    sheet_forms.in_force(session)
    exam, _ = practical.open_practical(session)
    sheet_forms.in_force(session, sheet_forms.OWN)
    renewing.use_new_form(session, REGISTRAR, exam.id)
    session.expire_all()
    assert {one.rater_group for one in session.scalars(select(RubricSheet))} == {"examiner"}


def test_once_somebody_has_begun_all_are_marked_on_what_there_is(session: Session) -> None:
    exam, [duty, *_] = practical.open_practical(session, candidates=2)
    sheets.start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, now())
    sheet_forms.in_force(session)
    assert renewing.newer_form(session, exam) is None
    with pytest.raises(Refusal) as refused:
        renewing.use_new_form(session, REGISTRAR, exam.id)
    assert refused.value.code == "practical_begun"
