from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.workshop.diff import Piece, diff, marked
from tests.factories import workshop

TEXTS = st.text(alphabet="甲乙丙丁，。 \nab12.%|", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(one.text for one in pieces if one.mark != "new") == before
    assert "".join(one.text for one in pieces if one.mark != "gone") == after
    assert all(one.text for one in pieces)
    assert (before == after) == all(one.mark == "same" for one in pieces)


@pytest.mark.parametrize(
    "before, after, expected",
    [
        ("目标 80% 以内", "目标 85% 以内", [("same", "目标 "), ("gone", "80%"), ("new", "85%"), ("same", " 以内")]),
        ("", "新写的", [("new", "新写的")]),
        ("应立即转接给班长", "应先安抚再转接给班长",
         [("same", "应"), ("gone", "立即"), ("new", "先安抚再"), ("same", "转接给班长")]),
        ("甲x乙y丙丁戊己", "子x丑y寅丁戊己", [("gone", "甲x乙y丙"), ("new", "子x丑y寅"), ("same", "丁戊己")]),
    ],
)  # fmt: skip
def test_whole_words_are_marked(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert list(marked(before, after)) == [Piece(mark, text) for mark, text in expected]  # type: ignore[arg-type]


def test_long_texts_are_compared_without_end_in_sight() -> None:
    assert len(marked("甲乙" * 3000, "丙丁" * 3000)) == 2


def test_fields_in_the_order_of_reading() -> None:
    before = workshop.content()
    stimulus = {"id": "C-1", "title": "t", "text": "x", "audio": "", "plays": 0, "media": {}}
    after = before | {
        "options": before["options"] | {"B": "先归纳"}, "key": ["C"], "case": True, "stimulus": stimulus,
        "criteria": [{"text": "说出要点", "points": "2"}],
    }  # fmt: skip
    assert [one.field for one in diff(before, after)] == [
        "case", "stimulus.id", "stimulus.plays", "stimulus.text", "stimulus.title", "options.B", "key", "criteria.1",
    ]  # fmt: skip
    assert diff(before, dict(before)) == []
