from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.errors import Refusal
from app.models.bank import ItemVersion
from app.models.workshop import ItemRevision
from question_bank.items import keep_items, stored_items
from question_bank.stimuli import Media
from question_bank.workshop import pairs, review, revisions, use
from question_bank.workshop.drafts_in import TakenIn, take_in_drafts
from tests.factories import workshop
from tests.factories.items import bank_item, statement
from tests.factories.workshop import NOW, seen

PNG = Media("a.png", b"\x89PNG\r\n\x1a\n rest")


def test_new_changed_and_the_same(session: Session) -> None:
    author = workshop.person(session)
    keep_items(session, SYSTEM, [bank_item("A"), bank_item("B")])
    items = [bank_item("A"), bank_item("B", stem="新的题干是？"), statement("C", enemies=frozenset({"A"}))]
    assert take_in_drafts(session, author, items, NOW) == TakenIn(new=1, revised=1, unchanged=1, enemies_added=1)
    assert len(session.scalars(sa.select(ItemVersion)).all()) == 2
    assert take_in_drafts(session, author, items, NOW) == TakenIn(unchanged=3)


def test_they_go_round_like_any_other(session: Session) -> None:
    author, reviewer = workshop.person(session), workshop.person(session)
    item = bank_item("A", stem="![图](a.png) 是？", media={"a.png": PNG}, author="外部作者", status="")
    take_in_drafts(session, author, [item], NOW)
    one = session.scalars(sa.select(ItemRevision)).one()
    review.submit(session, author, one.item_id, seen(one), NOW)
    with pytest.raises(Refusal, match="another reviewer"):
        review.approve(session, author, one.item_id, seen(one), NOW)
    review.approve(session, reviewer, one.item_id, seen(one), NOW)
    use.put_in_use(session, reviewer, one.item_id, seen(one), NOW)
    assert stored_items(session) == [replace(item, author=f"外部作者、{author.name}", reviewer=reviewer.name)]


def test_what_misses_something_is_taken_in(session: Session) -> None:
    author = workshop.person(session)
    take_in_drafts(session, author, [bank_item("A", rationale="", source="", difficulty=Decimal("0.65"))], NOW)
    one = session.scalars(sa.select(ItemRevision)).one()
    with pytest.raises(Refusal, match="not complete"):
        review.submit(session, author, one.item_id, seen(one), NOW)


def test_nothing_is_taken_in_over_somebodys_work(session: Session) -> None:
    author = workshop.person(session)
    workshop.draft(session, author, "A")
    with pytest.raises(Refusal) as refused:
        take_in_drafts(session, author, [bank_item("A", stem="别的题干是？"), bank_item("B")], NOW)
    assert (refused.value.code, refused.value.details) == ("items_busy", {"items": ["A"]})
    with pytest.raises(Refusal) as refused:
        take_in_drafts(session, author, [bank_item("A", level="senior")], NOW)
    assert refused.value.code == "item_elsewhere"


def test_enemies_are_kept_apart_by_hand(session: Session) -> None:
    author = workshop.person(session)
    one, other = (workshop.draft(session, author, code).item_id for code in ("A", "B"))
    assert pairs.add_enemy(session, author, one, other, "同一知识点")
    assert not pairs.add_enemy(session, author, other, one)
    assert [item.code for item in pairs.enemies_of_item(session, other)] == ["A"]
    pairs.remove_enemy(session, author, other, one)
    for act, code in (
        (lambda: pairs.remove_enemy(session, author, one, other), "not_enemies"),
        (lambda: pairs.add_enemy(session, author, one, one), "own_enemy"),
        (lambda: pairs.add_enemy(session, author, one, 999), "not_found"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == code
    elsewhere = revisions.create_item(
        session, author, code="S", scheme=workshop.SCHEME, level="senior", content={}, now=NOW
    )
    with pytest.raises(Refusal, match="never meet"):
        pairs.add_enemy(session, author, one, elsewhere.item_id)
