from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.errors import Refusal
from app.models.bank import Item, ItemState, Snapshot
from question_bank.items import keep_items
from question_bank.pool import load_pool, pool_of, snapshot_id, take_snapshot
from tests.factories.items import bank_item, statement

PLACE = ("PTS152010301-01", "junior")


def test_the_pool_holds_the_latest_version_of_items_in_use(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("B"), statement("A"), bank_item("C"), bank_item("D", level="senior")])
    keep_items(session, SYSTEM, [bank_item("B", stem="改过的题干？")])
    session.scalars(select(Item).where(Item.code == "C")).one().state = ItemState.RETIRED
    session.flush()
    pool = load_pool(session, *PLACE)
    assert [(item.id, item.version) for item in pool] == [("A", 1), ("B", 2)]
    assert [item.options for item in pool] == [("T", "F"), ("A", "B", "C", "D")]


def test_enemies_are_each_others(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A", enemies=frozenset({"B"})), bank_item("B"), bank_item("C")])
    assert [item.enemies for item in load_pool(session, *PLACE)] == [{"B"}, {"A"}, frozenset()]


def test_the_same_pool_is_the_same_snapshot(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A"), bank_item("B")])
    first = take_snapshot(session, *PLACE)
    assert take_snapshot(session, *PLACE) is first
    assert first.id == snapshot_id(load_pool(session, *PLACE))
    assert session.scalar(select(func.count()).select_from(Snapshot)) == 1


def test_a_snapshot_brings_its_pool_back_after_the_bank_has_changed(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A", enemies=frozenset({"B"})), bank_item("B")])
    then, snapshot = load_pool(session, *PLACE), take_snapshot(session, *PLACE)
    keep_items(session, SYSTEM, [bank_item("A", stem="新的题干？"), bank_item("B"), bank_item("C")])
    assert load_pool(session, *PLACE) != then
    assert pool_of(session, snapshot) == then
    assert take_snapshot(session, *PLACE).id != snapshot.id


def test_a_snapshot_that_no_longer_matches_is_refused(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A"), bank_item("B")])
    snapshot = take_snapshot(session, *PLACE)
    snapshot.members = snapshot.members[:1]
    with pytest.raises(Refusal) as refused:
        pool_of(session, snapshot)
    assert refused.value.code == "snapshot_broken"


def test_an_empty_bank_has_no_snapshot(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        take_snapshot(session, *PLACE)
    assert refused.value.code == "bank_empty"


def test_a_snapshot_is_named_by_all_that_could_change_a_paper(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A"), bank_item("B")])
    pool = load_pool(session, *PLACE)
    name = snapshot_id(pool)
    assert snapshot_id(pool[::-1]) == name
    for change in ({"version": 2}, {"digest": "other"}, {"enemies": frozenset({"B"})}, {"options": ("A", "B")}):
        assert snapshot_id([replace(pool[0], **change), pool[1]]) != name
