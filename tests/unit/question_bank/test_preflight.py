"""The check before a session tells the truth, and so do the repairs it names."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.schemes.scheme import DrawRules, Level
from question_bank.blueprint import Blueprint, make_blueprint
from question_bank.drawing import Drawer, cap_of, paper_seed
from question_bank.pool_item import PoolItem
from question_bank.preflight import preflight
from question_bank.rehearsal import rehearse
from question_bank.repairs import Lack
from tests.unit.question_bank.examples import JUNIOR, exact_levels, in_sets, level_of, real_pools, varied

BLUEPRINT = make_blueprint(JUNIOR)
CELL = BLUEPRINT.cells[0]


def session_works(blueprint: Blueprint, pool: list[PoolItem], papers: int, secret: str) -> bool:
    try:
        dealer = Drawer(blueprint, pool).session(papers)
        for number in range(papers):
            dealer.draw(paper_seed(secret, number))
    except Refusal:
        return False
    return True


@pytest.mark.parametrize(("times", "papers"), [(5, 1), (5, 200), (3, 3), (3, 31), (2, 2)])
def test_a_bank_that_suffices(times: int, papers: int) -> None:
    found = preflight(BLUEPRINT, in_sets(varied(BLUEPRINT, times)) if times > 3 else varied(BLUEPRINT, times), papers)
    assert found.possible
    assert found.rehearsal is not None
    assert found.rehearsal.spread <= Decimal("0.5")
    assert found.rehearsal.share <= max(50, 100 // papers)
    assert (found.lacks, found.raise_cap_to, found.release) == ((), None, ())
    ((message, params),) = found.sentences()
    assert f"can give {papers} papers" in message % params


def test_an_empty_bank_lacks_everything() -> None:
    found = preflight(BLUEPRINT, [], 3)
    assert [lack.missing for lack in found.lacks] == [3 * cell.count for cell in BLUEPRINT.cells]
    assert found.raise_cap_to is None


def test_what_a_small_bank_lacks_and_the_two_repairs() -> None:
    """Three papers at 50 % may share no item, so each cell must be filled three times over."""
    found = preflight(BLUEPRINT, varied(BLUEPRINT, 2), 3)
    assert [(lack.row, lack.content, lack.type, lack.missing) for lack in found.lacks] == [
        (cell.row, cell.content, cell.type, cell.count) for cell in BLUEPRINT.cells
    ]
    assert found.new_items == 90
    assert found.raise_cap_to == 67  # two of three papers
    assert found.release == ()
    refusal = found.refusal()
    assert refusal.code == "bank_insufficient"
    assert "90" in str(refusal)
    assert len(refusal.details["problems"]) == len(BLUEPRINT.cells)


def test_one_short_cell_is_named_alone() -> None:
    pool = [one for one in varied(BLUEPRINT) if one.cell != CELL.key]
    found = preflight(BLUEPRINT, pool, 10)
    assert found.lacks == (Lack(*CELL.key, needed=CELL.count, found=0, missing=2 * CELL.count),)
    assert found.raise_cap_to is None  # no cap brings items where there are none
    assert [params["missing"] for _, params in found.sentences() if "missing" in params] == [2 * CELL.count]


def test_sets_that_no_paper_has_room_for_count_for_nothing() -> None:
    pool = [replace(one, stimulus="too large") if one.cell == CELL.key else one for one in varied(BLUEPRINT)]
    found = preflight(BLUEPRINT, pool, 2)
    assert [(lack.content, lack.type, lack.found, lack.missing) for lack in found.lacks] == [
        (CELL.content, CELL.type, 0, 2)
    ]


def test_enemies_that_stand_in_the_way_are_named() -> None:
    """Both items of one cell are enemies of one of another, and no other enemies matter."""
    blueprint = make_blueprint(level_of({"一": 50, "二": 50}, {"single": (2, 1)}))
    pool = [replace(one, difficulty=Decimal("0.6"), seconds=60) for one in varied(blueprint, 1)]
    pool = [replace(pool[0], enemies=frozenset({pool[1].id})), pool[1]]
    found = preflight(blueprint, pool, 1)
    assert found.release == ((pool[0].id, pool[1].id),)
    assert found.new_items == 1
    assert any(pool[0].id in str(params.get("pairs")) for _, params in found.sentences())


def test_extremes_lack_middling_items() -> None:
    blueprint = make_blueprint(level_of({"一": 100}, {"single": (3, 1)}))
    shades = [Decimal("0.1")] * 3 + [Decimal("0.9")] * 3
    pool = [replace(one, difficulty=shade) for one, shade in zip(varied(blueprint, 2), shades, strict=True)]
    found = preflight(blueprint, pool, 1)
    assert not found.possible
    assert len(found.sentences()) > 1


def test_a_rehearsal_is_the_same_every_time() -> None:
    pool = varied(BLUEPRINT)
    assert rehearse(BLUEPRINT, pool, 20) == rehearse(BLUEPRINT, pool[::-1], 20)


@settings(deadline=None, max_examples=20)
@given(exact_levels(), st.integers(1, 6), st.data())
def test_the_repairs_named_for_any_bank_do(level: Level, papers: int, data: st.DataObject) -> None:
    blueprint = make_blueprint(level)
    pool = data.draw(real_pools(blueprint, more=3))
    found = preflight(blueprint, pool, papers)
    if found.possible:
        assert session_works(blueprint, pool, papers, "rehearsal 0")
        return
    assert len(found.sentences()) > 1
    for lack in found.lacks:
        assert lack.missing > 0
    enough = {lack.type for lack in found.lacks}
    assert enough <= set(blueprint.types)
    if found.raise_cap_to:
        rules = DrawRules(exposure_cap=found.raise_cap_to)
        assert session_works(replace(blueprint, rules=rules), pool, papers, "rehearsal 0")
        assert cap_of(found.raise_cap_to, papers) > cap_of(50, papers)
