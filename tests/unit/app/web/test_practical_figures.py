"""Small pictures beside the tables of a report."""

from __future__ import annotations

from app.web.candidate.practical_figures import plots, second
from tests.factories.desk_tasks import REPORT


def test_a_column_of_numbers_is_drawn() -> None:
    first, _ = plots(REPORT["tables"][0])
    assert first.title == "六月 · 来电"
    assert [bar.value for bar in first.bars] == ["100", "120", "80"]
    assert [bar.height for bar in first.bars] == ["66.67", "80.00", "53.33"]


def test_words_two_rows_and_short_rows_are_not() -> None:
    assert plots({"title": "t", "columns": ["a", "b"], "rows": [["x", "1"], ["y", "2"]]}) == []
    assert plots({"title": "t", "columns": ["a", "b"], "rows": [["x", "1"], ["y", "二"], ["z", "3"]]}) == []
    assert plots({"title": "t", "columns": ["a", "b"], "rows": [["x", "1"], ["y"], ["z", "3"]]}) == []


def test_below_nothing_hangs_from_the_line() -> None:
    [plot] = plots({"title": "t", "columns": ["a", "b"], "rows": [["x", "-10"], ["y", "30"], ["z", "0"]]})
    assert plot.zero == "65.00"
    assert [(bar.y, bar.height) for bar in plot.bars] == [("65.00", "20.00"), ("5.00", "60.00"), ("65.00", "0.00")]


def test_seconds_of_a_recording() -> None:
    assert [second(value) for value in ("5", 65, "125.9")] == ["0:05", "1:05", "2:05"]
