import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.errors import Refusal
from app.models.bank import EnemyPair, ItemVersion
from question_bank.items import Kept, keep_items, stored_items
from tests.factories.items import bank_item, statement


def test_the_same_content_makes_no_version(session: Session) -> None:
    items = [bank_item("A"), statement("B", enemies=frozenset({"A"}))]
    assert keep_items(session, SYSTEM, items) == Kept(new=2, enemies_added=1)
    assert keep_items(session, SYSTEM, items) == Kept(unchanged=2)
    assert len(session.scalars(select(ItemVersion)).all()) == 2


@pytest.mark.parametrize(
    "change",
    [{"stem": "另一个题干？"}, {"key": ("C",)}, {"rationale": "新的理由。"}, {"point": "提问"}, {"reviewer": "审题人"},
     {"status": "approved"}, {"row": "六"}, {"options": {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}}],
)  # fmt: skip
def test_any_change_makes_a_version_and_leaves_the_old_one(session: Session, change: dict[str, object]) -> None:
    keep_items(session, SYSTEM, [bank_item("A")])
    assert keep_items(session, SYSTEM, [bank_item("A", **change)]) == Kept(changed=1)
    versions = session.scalars(select(ItemVersion).order_by(ItemVersion.number)).all()
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].digest == bank_item("A").digest()
    assert stored_items(session) == [bank_item("A", **change)]


def test_what_is_stored_reads_back_the_same(session: Session) -> None:
    items = [bank_item("A"), statement("B", "F"), bank_item("C", type="multiple", key=("A", "D"))]
    keep_items(session, SYSTEM, items)
    assert stored_items(session) == items
    assert stored_items(session, "PTS152010301-01", "senior") == []


def test_enemies_go_when_both_are_here_and_neither_names_the_other(session: Session) -> None:
    named = bank_item("A", enemies=frozenset({"B"}))
    keep_items(session, SYSTEM, [named, bank_item("B"), bank_item("C")])
    assert keep_items(session, SYSTEM, [bank_item("B"), bank_item("C")]).enemies_removed == 0
    assert keep_items(session, SYSTEM, [bank_item("A"), bank_item("C")]).enemies_removed == 0
    assert keep_items(session, SYSTEM, [bank_item("A"), bank_item("B")]).enemies_removed == 1
    assert session.scalars(select(EnemyPair)).all() == []


def test_enemies_may_be_named_by_both_and_from_another_import(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A")])
    later = [bank_item("B", enemies=frozenset({"A", "C"})), bank_item("C", enemies=frozenset({"B"}))]
    assert keep_items(session, SYSTEM, later).enemies_added == 2


def test_a_code_stays_in_its_scheme_and_level(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A")])
    with pytest.raises(Refusal) as refused:
        keep_items(session, SYSTEM, [bank_item("A", level="senior")])
    assert refused.value.code == "item_elsewhere"


def test_an_import_leaves_a_line(session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item("A")])
    line = session.execute(text("SELECT tag, data FROM audit_line")).one()
    assert line.tag == "bank:imported"
    assert line.data["new"] == 1
