from collections import defaultdict

import pytest
from hypothesis import given, settings

from app.core.errors import Refusal
from app.schemes.scheme import Level, scheme
from question_bank.blueprint import Shortage, check_fill, make_blueprint, require_fill
from tests.unit.question_bank.examples import JUNIOR, exact_levels, level_of, pool_for


def test_the_junior_table() -> None:
    assert make_blueprint(JUNIOR).table == {
        "一": {"truefalse": 2, "single": 6, "multiple": 1},
        "五": {"truefalse": 8, "single": 24, "multiple": 4},
        "六": {"truefalse": 5, "single": 14, "multiple": 3},
        "七": {"truefalse": 5, "single": 16, "multiple": 2},
    }


@pytest.mark.parametrize("code", ["junior", "intermediate", "senior"])
def test_published_levels_are_met_exactly(code: str) -> None:
    level = scheme("PTS152010301-01").level(code)
    blueprint = make_blueprint(level)
    assert blueprint.row_marks() == {row.no: row.weight for row in level.theory.rows if row.weight}
    assert blueprint.type_totals() == {kind: form.count for kind, form in level.theory.paper.types.items()}
    assert {cell.row for cell in blueprint.cells}.isdisjoint(row.no for row in level.theory.rows if not row.weight)


def test_a_single_row_takes_everything() -> None:
    blueprint = make_blueprint(level_of({"十": 100}, {"single": (10, 1), "multiple": (5, 2)}, contents=4))
    assert blueprint.table == {"十": {"single": 10, "multiple": 5}}


def test_of_two_equally_near_tables_always_the_same_one() -> None:
    level = level_of({"甲": 50, "乙": 50}, {"truefalse": (3, 1), "single": (5, 1)})
    assert make_blueprint(level) == make_blueprint(level)


@pytest.mark.parametrize(
    ("weights", "types"),
    [
        ({"一": 33, "二": 67}, {"single": (50, 2)}),  # an odd number of marks out of items of two
        ({"一": 50, "二": 50}, {"single": (3, 1)}),  # half a mark
        ({"一": 50, "二": 50}, {"multiple": (1, 8), "single": (2, 1)}),  # one item too dear for either row
        ({"一": 30, "二": 70}, {"multiple": (5, 2)}),
    ],
)
def test_what_no_whole_numbers_meet_is_refused_by_row(weights, types) -> None:
    with pytest.raises(Refusal) as refused:
        make_blueprint(level_of(weights, types))
    assert refused.value.code == "blueprint_impossible"
    assert refused.value.details["row"] in weights
    assert f"row {refused.value.details['row']}" in str(refused.value).lower()


def test_rows_and_types_that_bring_different_totals_are_refused() -> None:
    with pytest.raises(Refusal, match="90 marks") as refused:
        make_blueprint(level_of({"一": 40, "二": 50}, {"single": (100, 1)}))
    assert refused.value.code == "blueprint_impossible"


def test_a_row_without_work_contents_is_refused() -> None:
    with pytest.raises(Refusal, match="0 work contents"):
        make_blueprint(level_of({"一": 100}, {"single": (10, 1)}, contents=0))


def test_a_full_bank_has_no_shortage() -> None:
    blueprint = make_blueprint(JUNIOR)
    assert check_fill(blueprint, pool_for(blueprint), times=3) == []


def test_every_short_cell_is_named_with_what_is_missing() -> None:
    blueprint = make_blueprint(JUNIOR)
    first, last = blueprint.cells[0], blueprint.cells[-1]
    pool = [
        item
        for item in pool_for(blueprint, more=lambda cell: 0)
        if not item.id.startswith(f"{first.row}/{first.content}/{first.type}/")
    ]
    pool.pop()
    assert check_fill(blueprint, pool) == [Shortage(first, first.count, 0), Shortage(last, last.count, last.count - 1)]
    with pytest.raises(Refusal) as refused:
        require_fill(blueprint, pool)
    assert refused.value.code == "blueprint_unfillable"
    assert [cell["missing"] for cell in refused.value.details["cells"]] == [first.count, 1]
    for cell in (first, last):
        assert f"{cell.row} {cell.content} {cell.type}" in str(refused.value)


@settings(deadline=None, max_examples=150)
@given(exact_levels())
def test_any_table_that_exists_is_found_exactly(level: Level) -> None:
    blueprint = make_blueprint(level)
    assert blueprint.row_marks() == {row.no: row.weight for row in level.theory.rows if row.weight}
    assert blueprint.type_totals() == {kind: form.count for kind, form in level.theory.paper.types.items()}
    assert all(count >= 0 for counts in blueprint.table.values() for count in counts.values())


@settings(deadline=None, max_examples=150)
@given(exact_levels())
def test_cells_spread_evenly_over_the_work_contents(level: Level) -> None:
    blueprint = make_blueprint(level)
    types = blueprint.types
    for row in (row for row in level.theory.rows if row.weight):
        counts = {name: dict.fromkeys(types, 0) for name in row.contents}
        for cell in blueprint.cells:
            if cell.row == row.no:
                counts[cell.content][cell.type] += cell.count
        marks = [sum(n * types[kind].marks for kind, n in one.items()) for one in counts.values()]
        assert max(marks) - min(marks) <= max(form.marks for form in types.values())
        by_type = defaultdict(list)
        for one in counts.values():
            for kind, n in one.items():
                by_type[kind].append(n)
        assert all(max(found) - min(found) <= 1 for found in by_type.values())
        assert {kind: sum(found) for kind, found in by_type.items()} == blueprint.table[row.no]
