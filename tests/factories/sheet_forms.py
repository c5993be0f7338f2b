"""Sheets that registrars built, put in force the way they are."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.models.account import Role, User
from app.models.sheet_forms import SheetForm
from app.practical.forms import forms
from app.practical.forms.body import ATTENDANCE, RATERS, FormBody, body_of
from app.practical.forms.rubric import rubric_of
from app.practical.marking.rubric import Rubric
from app.schemes.scheme import scheme
from tests.factories import people, theory

PART = scheme(theory.SCHEME).level(theory.LEVEL).practical
OWN = body_of(Rubric.of(PART))
"""The scheme's own sheet as if typed."""
GROUPED = OWN.model_copy(update={"groups": RATERS, "deductions": ATTENDANCE})
RUBRIC = rubric_of(GROUPED, PART)


def actor(user: User) -> Actor:
    return Actor(user.id, user.name, "test")


def draft(session: Session, author: User, body: FormBody = GROUPED) -> SheetForm:
    one = forms.start_form(session, actor(author), theory.SCHEME, theory.LEVEL, now())
    return forms.save_form(session, actor(author), one.id, one.edition, body, now())


def in_force(session: Session, body: FormBody = GROUPED) -> SheetForm:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    one = draft(session, author, body)
    forms.submit_form(session, actor(author), one.id, one.edition, "按年度修订", now())
    return forms.approve_form(session, actor(other), one.id, "", now())
