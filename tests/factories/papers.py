"""Sheets on paper, and two people of the body who type them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.account import Role, User
from app.models.practical import RubricSheet
from app.practical.marking.rubric import Rubric
from app.practical.typed import finish as typed_finish
from app.practical.typed import typing_in
from app.practical.typed.typing_in import Case
from tests.factories import evidence, people, practical
from tests.factories.practical import Duty


def typist(session: Session, name: str = "") -> tuple[User, Actor]:
    user = people.user(session, Role.REGISTRAR, name=name)
    return user, Actor(user.id, user.name, "test")


def points(session: Session, duty: Duty, total: str = "80") -> dict[str, object]:
    rubric = Rubric.kept(session.get_one(RubricSheet, duty.sheet_id).rubric)
    return dict(practical.points_for(total, rubric))


def type_in(
    session: Session, duty: Duty, who: tuple[User, Actor], marks: Mapping[str, object],
    *, notes: Mapping[str, str] | None = None, signed_at: datetime | None = None,
) -> Case:  # fmt: skip
    when = signed_at or session.get_one(RubricSheet, duty.sheet_id).seat.session.opened_at
    assert when is not None
    return typing_in.type_in(
        session, who[1], duty.sheet_id, who[0].id, marks, notes=notes or {}, signed_at=when, now=clock_now()
    )


def scan(session: Session, duty: Duty, who: tuple[User, Actor]) -> None:
    typed_finish.attach_scan(session, who[1], duty.sheet_id, who[0].id, evidence.picture(), clock_now())
