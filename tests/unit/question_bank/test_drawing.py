import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.schemes.scheme import Level
from question_bank.blueprint import Blueprint, Cell, make_blueprint
from question_bank.drawing import Drawer, DrawnPaper, PoolItem, draw_paper, paper_seed, snapshot_id, totals
from tests.unit.question_bank.examples import JUNIOR, exact_levels, item, level_of, pool_for

SEEDS = st.one_of(st.integers(), st.text(max_size=20))
BLUEPRINT = make_blueprint(JUNIOR)
POOL = pool_for(BLUEPRINT)


def ids(paper: DrawnPaper) -> list[str]:
    return [drawn.item.id for drawn in paper.items]


def with_enemies(pool: list[PoolItem], pairs: set[tuple[int, int]]) -> list[PoolItem]:
    """Each pair is said by one side only, as authors do."""
    found = list(pool)
    for one, other in pairs:
        if one % len(pool) != other % len(pool):
            first, second = one % len(pool), other % len(pool)
            found[first] = replace(found[first], enemies=found[first].enemies | {found[second].id})
    return found


def assert_right(paper: DrawnPaper, blueprint: Blueprint, pool: list[PoolItem]) -> None:
    """DESIGN 4.6: exact, nothing twice, no enemies together, nothing outside the cells."""
    cells = Counter((drawn.item.row, drawn.item.content, drawn.item.type) for drawn in paper.items)
    assert cells == {cell.key: cell.count for cell in blueprint.cells}
    assert len(set(ids(paper))) == len(ids(paper))
    on_paper = set(ids(paper))
    assert not any(drawn.item.enemies & on_paper - {drawn.item.id} for drawn in paper.items)
    assert {drawn.item for drawn in paper.items} <= set(pool)
    assert totals(paper) == {"rows": blueprint.row_marks(), "types": blueprint.type_totals()}


@settings(deadline=None, max_examples=100)
@given(exact_levels(), SEEDS, st.data())
def test_papers_are_exact_and_repeatable(level: Level, seed: int | str, data: st.DataObject) -> None:
    blueprint = make_blueprint(level)
    pool = pool_for(blueprint, more=lambda cell: data.draw(st.integers(0, 4)))
    strangers = [replace(one, id=f"{one.id}!", row="weightless") for one in pool[:3]]
    pool = data.draw(st.permutations([*pool, *strangers])) if len(pool) < 30 else [*pool, *strangers]
    paper = draw_paper(blueprint, pool, seed)
    assert_right(paper, blueprint, pool)
    assert draw_paper(blueprint, list(reversed(pool)), seed) == paper


@settings(deadline=None, max_examples=150)
@given(SEEDS, st.sets(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=150))
def test_enemies_never_meet(seed: int | str, pairs: set[tuple[int, int]]) -> None:
    pool = with_enemies(POOL, pairs)
    try:
        paper = draw_paper(BLUEPRINT, pool, seed)
    except Refusal as refused:
        assert refused.code == "blueprint_unfillable"  # noqa: PT017 - either is right, each in its own way
    else:
        assert_right(paper, BLUEPRINT, pool)


@settings(deadline=None, max_examples=200)
@given(SEEDS, st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_a_paper_is_found_whenever_one_exists(seed: int | str, pairs: set[tuple[int, int]]) -> None:
    blueprint = make_blueprint(level_of({"一": 50, "二": 50}, {"single": (4, 1)}))
    pool = with_enemies(pool_for(blueprint, more=lambda cell: 2), pairs)
    hostile = {frozenset((one.id, other)) for one in pool for other in one.enemies}
    first, second = ([one.id for one in pool if one.row == row] for row in "一二")
    peaceful = [
        (a, b, c, d)
        for a in first for b in first if a < b
        for c in second for d in second if c < d
        if not any(frozenset(pair) in hostile for pair in ((a, b), (a, c), (a, d), (b, c), (b, d), (c, d)))
    ]  # fmt: skip
    if peaceful:
        assert tuple(sorted(ids(draw_paper(blueprint, pool, seed)))) in {tuple(sorted(one)) for one in peaceful}
    else:
        with pytest.raises(Refusal) as refused:
            draw_paper(blueprint, pool, seed)
        cells = refused.value.details["cells"]
        assert cells
        for cell in cells:
            assert (cell["row"], cell["content"], cell["type"]) in {one.key for one in blueprint.cells}
            assert cell["missing"] > 0
            assert cell["content"] in str(refused.value)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.sets(st.integers(0, len(POOL) - 1)))
def test_seen_items_come_back_only_where_the_unseen_do_not_suffice(seed: int | str, numbers: set[int]) -> None:
    seen = {POOL[number].id for number in numbers}
    paper = draw_paper(BLUEPRINT, POOL, seed, seen=seen)
    assert_right(paper, BLUEPRINT, POOL)
    for cell in BLUEPRINT.cells:
        unseen = sum((one.row, one.content, one.type) == cell.key and one.id not in seen for one in POOL)
        used = sum((d.item.row, d.item.content, d.item.type) == cell.key and d.item.id in seen for d in paper.items)
        assert used == max(0, cell.count - unseen)


def test_a_retake_is_wholly_new_while_the_bank_lasts() -> None:
    drawer = Drawer(BLUEPRINT, POOL)
    first = drawer.draw("first")
    second = drawer.draw("second", frozenset(ids(first)))
    assert not set(ids(first)) & set(ids(second))


def test_items_stand_by_type_and_true_false_keeps_its_order() -> None:
    paper = draw_paper(BLUEPRINT, POOL, 7)
    kinds = [drawn.item.type for drawn in paper.items]
    assert kinds == ["truefalse"] * 20 + ["single"] * 60 + ["multiple"] * 10
    assert all(drawn.options == ("T", "F") for drawn in paper.items if drawn.item.type == "truefalse")
    shuffled = [drawn.options for drawn in paper.items if drawn.item.type != "truefalse"]
    assert all(sorted(options) == ["A", "B", "C", "D"] for options in shuffled)
    assert len(set(shuffled)) > 10
    assert [drawn.marks for drawn in paper.items] == [1] * 80 + [2] * 10


def test_other_seeds_bring_other_papers_and_every_item_gets_its_turn() -> None:
    drawer = Drawer(BLUEPRINT, POOL)
    papers = [ids(drawer.draw(paper_seed("session", index))) for index in range(120)]
    assert len({tuple(paper) for paper in papers}) == 120
    assert {one for paper in papers for one in paper} == {one.id for one in POOL}


def test_the_same_paper_in_another_process() -> None:
    root = Path(__file__).parents[3]
    script = (
        "from tests.unit.question_bank.test_drawing import *\n"
        "paper = draw_paper(BLUEPRINT, POOL, 'across')\n"
        "print(paper.snapshot, [(d.item.id, d.options) for d in paper.items])"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, check=True, encoding="utf-8",
                         env={"PYTHONHASHSEED": "77", "PYTHONUTF8": "1"})  # fmt: skip
    paper = draw_paper(BLUEPRINT, POOL, "across")
    assert run.stdout.strip() == f"{paper.snapshot} {[(d.item.id, d.options) for d in paper.items]}"


def test_a_short_cell_is_refused_before_anything_is_drawn() -> None:
    cell = BLUEPRINT.cells[4]
    pool = [one for one in POOL if (one.row, one.content, one.type) != cell.key]
    with pytest.raises(Refusal) as refused:
        Drawer(BLUEPRINT, pool)
    (named,) = refused.value.details["cells"]
    assert (named["row"], named["content"], named["type"], named["found"]) == (*cell.key, 0)


def test_two_versions_of_an_item_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Drawer(BLUEPRINT, [*POOL, replace(POOL[0], version=2)])
    assert refused.value.code == "pool_item_twice"


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"digest": "x"}, {"content": "x"}, {"difficulty": Decimal("0.61")}, {"enemies": frozenset({"x"})},
     {"options": ("B", "A", "C", "D")}],
)  # fmt: skip
def test_a_snapshot_changes_with_anything_of_an_item(change: dict[str, object]) -> None:
    one = item(Cell("一", "甲", "single", 1), 1)
    assert snapshot_id([one]) != snapshot_id([replace(one, **change)])


def test_snapshots_from_before_items_had_times_and_sets_keep_their_name() -> None:
    one = item(Cell("一", "甲", "single", 1), 1)
    state = [[one.id, 1, "single", "一", "甲", "0.6", ["A", "B", "C", "D"], [], one.digest]]
    canonical = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    assert snapshot_id([one]) == hashlib.sha256(canonical.encode()).hexdigest()
    for change in ({"seconds": 61}, {"stimulus": "a"}):
        assert snapshot_id([replace(one, **change)]) != snapshot_id([one])
    assert snapshot_id([replace(one, key=("A",))]) == snapshot_id([one])  # the digest stands for it


def test_a_snapshot_knows_neither_order_nor_the_numbers_of_a_database() -> None:
    assert snapshot_id(POOL) == snapshot_id([replace(one, version_id=one.version_id + 9) for one in reversed(POOL)])


def test_paper_seeds_differ_by_candidate_and_session() -> None:
    assert len({paper_seed(session, index) for session in (1, "1a", 2) for index in range(50)}) == 150
    assert paper_seed("s", 3) == paper_seed("s", 3)
