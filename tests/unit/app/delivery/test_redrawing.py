"""Papers with an item that has become known are drawn again for whoever has not begun."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.delivery import redrawing, starting
from app.models.account import Role
from app.models.bank import Item, ItemVersion
from app.models.exam import Attempt, AttemptState
from question_bank.workshop.compromise import mark_compromised
from tests.factories import people, theory
from tests.factories.theory import REGISTRAR


def codes(session: Session, attempt: Attempt) -> set[str]:
    versions = [entry["version_id"] for entry in attempt.paper.items]
    found = select(Item.code).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id.in_(versions))
    return set(session.scalars(found))


def standing(session: Session, session_id: int) -> list[Attempt]:
    found = select(Attempt).where(Attempt.session_id == session_id, Attempt.state != AttemptState.VOIDED)
    return list(session.scalars(found.order_by(Attempt.seat_id)))


def test_only_papers_not_begun_are_drawn_again_and_without_the_item(session: Session) -> None:
    first, second, third = theory.open_sitting(session, candidates=3)
    starting.start(session, first.sitter, first.attempt_id, now())
    begun, waiting, _ = standing(session, first.session_id)
    (known, *_), (other, *_) = sorted(codes(session, begun)), sorted(codes(session, waiting))
    reviewer = people.user(session, Role.REVIEWER)
    for code in {known, other}:
        item_id = session.scalars(select(Item.id).where(Item.code == code)).one()
        mark_compromised(session, Actor(reviewer.id, reviewer.name, "test"), item_id, "seen on a forum", now())
    session.flush()
    assert {use.attempt for use in redrawing.waiting(session, first.session_id)} == {second.attempt_id}
    assert redrawing.waiting(session, first.session_id + 1) == []
    assert redrawing.redraw(session, REGISTRAR, first.session_id, now()) == 1
    session.expire_all()
    after = standing(session, first.session_id)
    assert [one.id for one in after if one.id in (first.attempt_id, third.attempt_id)] == [
        first.attempt_id, third.attempt_id,
    ]  # fmt: skip
    assert len(after) == 3
    fresh = next(one for one in after if one.id not in (first.attempt_id, third.attempt_id))
    assert not codes(session, fresh) & {known, other}
    assert redrawing.waiting(session, first.session_id) == []
    assert redrawing.redraw(session, REGISTRAR, first.session_id, now()) == 0
