"""The bank that comes with the product."""

from collections import Counter
from pathlib import Path

import pytest

from app.schemes.scheme import scheme
from question_bank.blueprint import make_blueprint
from question_bank.interchange import FoundItem, expand, read_files, unknown_enemies
from question_bank.lint import in_groups, lint

CONTENT = Path(__file__).parents[3] / "question_bank" / "content"
JUNIOR = scheme("PTS152010301-01").level("junior")


@pytest.fixture(scope="module")
def shipped() -> list[FoundItem]:
    return read_files(expand([str(CONTENT)]))


def test_it_is_large_enough(shipped: list[FoundItem]) -> None:
    assert len(shipped) >= 270


def test_it_fills_every_cell_three_times_over(shipped: list[FoundItem]) -> None:
    blueprint = make_blueprint(JUNIOR)
    by_row = Counter((one.item.row, one.item.type) for one in shipped)
    by_content = Counter((one.item.row, one.item.content, one.item.type) for one in shipped)
    for row, counts in blueprint.table.items():
        for kind, count in counts.items():
            assert by_row[row, kind] >= 3 * count
    for cell in blueprint.cells:
        assert by_content[cell.key] >= 3 * cell.count


def test_the_linter_finds_nothing(shipped: list[FoundItem]) -> None:
    assert lint(shipped, whole=True) == []
    assert lint(in_groups(one.item for one in shipped), whole=True) == []


def test_enemies_exist(shipped: list[FoundItem]) -> None:
    assert unknown_enemies(shipped, set()) == []
    assert sum(len(one.item.enemies) for one in shipped) >= 30


def test_it_was_read_by_a_second_pair_of_eyes_and_does_not_pretend_to_be_approved(shipped: list[FoundItem]) -> None:
    assert all(one.item.reviewer and one.item.reviewer != one.item.author for one in shipped)
    said = {(one.item.scheme, one.item.use, one.item.status) for one in shipped}
    assert said == {
        ("PTS152010301-01", "exam", "起始题库，尚未经评价机构审定"),
        ("PTS152010301-01", "practice", "练习题，任何人可见，不作评价依据"),
        ("TYPES-DEMO", "exam", "演示题，不作评价依据"),
    }


def test_every_item_says_why_and_from_where(shipped: list[FoundItem]) -> None:
    for one in shipped:
        assert len(one.item.rationale) >= 10, one.item.id
        assert one.item.source, one.item.id
        assert 2 <= len(one.item.point) <= 12, one.item.id
