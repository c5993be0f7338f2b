"""Practice items are on no paper, exam items in no practice, and nothing that was seen comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.clock import now
from app.core.errors import Refusal
from app.delivery import practice
from app.models.account import Role
from app.models.bank import Item, ItemUse, ItemVersion
from app.models.exam import Attempt
from question_bank.bank_yaml import read_yaml, write_yaml
from question_bank.formats.carried import given, told
from question_bank.items import keep_items, stored_items
from question_bank.pool import load_pool, practice_pool
from question_bank.stimuli import Stimulus
from question_bank.uses import change_uses
from question_bank.workshop import use
from tests.factories import people, practising, theory
from tests.factories.theory import LEVEL, REGISTRAR, SCHEME


def codes(session: Session) -> tuple[set[str], set[str]]:
    """What papers and what practices are drawn from."""
    return (
        {one.id for one in load_pool(session, SCHEME, LEVEL)},
        {one.id for one in practice_pool(session, SCHEME, LEVEL)},
    )


def item_id(session: Session, code: str) -> int:
    return session.scalars(select(Item.id).where(Item.code == code)).one()


def test_no_item_is_in_both_pools(session: Session) -> None:
    theory.bank(session, times=1)
    practising.bank(session, 2)
    papers, practices = codes(session)
    assert papers
    assert len(practices) == 6
    assert not papers & practices


def test_the_use_is_the_items_and_makes_no_version(session: Session) -> None:
    one = practising.item(1, "single", "exam")
    keep_items(session, SYSTEM, [one])
    kept = keep_items(session, SYSTEM, [replace(one, use="practice")])
    assert (kept.new, kept.changed, kept.unchanged) == (0, 0, 1)
    assert stored_items(session)[0].use == "practice"
    assert codes(session) == (set(), {one.id})


@pytest.mark.parametrize("use", ["exam", "practice"])
def test_files_carry_it(use: str) -> None:
    one = practising.item(1, "single", use)
    text = write_yaml([one])
    assert ("use:" in text) == (use == "practice")
    assert [item for item, _ in read_yaml(text, "f.yaml").items] == [one]
    assert given(told(one)).get("use", "exam") == use


def test_another_use_is_refused_with_its_place() -> None:
    text = write_yaml([practising.item(1, "single")]).replace("use: practice", "use: games")
    (problem,) = read_yaml(text, "f.yaml").problems
    assert (problem.field, problem.line) == ("use", 1 + text.split("\n").index("use: games"))


def test_what_was_practised_never_comes_back(session: Session) -> None:
    items = practising.bank(session)
    user = people.user(session, Role.CANDIDATE)
    found = practice.begin(session, user.id, SCHEME, LEVEL, now())
    drawn = set(session.scalars(select(Item.code).where(Item.id.in_(_items_of(session, found.items)))))
    seen = next(one for one in items if one.id in drawn)
    unseen = next(one for one in items if one.id not in drawn)
    change_uses(session, SYSTEM, {item_id(session, unseen.id): ItemUse.EXAM})
    with pytest.raises(Refusal) as refused:
        keep_items(session, SYSTEM, [replace(seen, use="exam")])
    assert refused.value.code == "item_practised"


def _items_of(session: Session, entries: list[dict[str, int]]) -> set[int]:
    versions = [entry["version_id"] for entry in entries]
    return set(session.scalars(select(ItemVersion.item_id).where(ItemVersion.id.in_(versions))))


def test_an_item_on_a_paper_ahead_stays_for_exams(session: Session) -> None:
    (sitting,) = theory.open_sitting(session)
    entry = session.get_one(Attempt, sitting.attempt_id).paper.items[0]
    (held,) = _items_of(session, [entry])
    with pytest.raises(Refusal) as refused:
        use.change_use(session, REGISTRAR, held, ItemUse.PRACTICE, "known everywhere")
    assert refused.value.code == "item_on_paper"


def test_one_material_has_one_use(session: Session) -> None:
    material = Stimulus(id="S-1", title="case", text="text", audio="", plays=0, media={})
    one, other = (replace(practising.item(n, "single", "exam"), stimulus=material) for n in (1, 2))
    keep_items(session, SYSTEM, [one, other])
    with pytest.raises(Refusal) as refused:
        use.change_use(session, REGISTRAR, item_id(session, one.id), ItemUse.PRACTICE, "for all to see")
    assert refused.value.code == "material_of_two_uses"
    session.rollback()
    with pytest.raises(Refusal):
        keep_items(session, SYSTEM, [one, replace(other, use="practice")])


def test_changing_it_needs_a_reason_once_there_is_a_version(session: Session) -> None:
    keep_items(session, SYSTEM, [practising.item(1, "single", "exam")])
    one = item_id(session, practising.item(1, "single").id)
    with pytest.raises(Refusal) as refused:
        use.change_use(session, REGISTRAR, one, ItemUse.PRACTICE, " ")
    assert refused.value.code == "reason_needed"
    assert use.change_use(session, REGISTRAR, one, ItemUse.PRACTICE, "known").use == ItemUse.PRACTICE
    with pytest.raises(Refusal) as refused:
        use.change_use(session, REGISTRAR, one, ItemUse.PRACTICE, "again")
    assert refused.value.code == "use_unchanged"
