from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from question_bank.chance import Chance
from question_bank.item_types import ITEM_TYPES, ItemContent
from question_bank.item_types.fill import accepts

OPTIONS = ("A", "B", "C", "D", "E")
TEXTS = {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}
SUBSETS = st.lists(st.sampled_from(OPTIONS), unique=True)
MARKS = st.decimals(min_value="0.5", max_value=10, places=1)


@pytest.mark.parametrize(
    ("kind", "response", "key", "expected"),
    [
        ("truefalse", ["T"], ["T"], 2),
        ("truefalse", ["F"], ["T"], 0),
        ("truefalse", [], ["T"], 0),
        ("single", ["B"], ["B"], 2),
        ("single", ["A"], ["B"], 0),
        ("multiple", ["A", "C"], ["C", "A"], 2),
        ("multiple", ["A"], ["A", "C"], 0),
        ("multiple", ["A", "B", "C"], ["A", "C"], 0),
        ("multiple", [], ["A", "C"], 0),
    ],
)
def test_score(kind: str, response: list[str], key: list[str], expected: int) -> None:
    assert ITEM_TYPES[kind].score(response, key, Decimal(2)) == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [("A", "0.66"), ("AC", "1.33"), ("ACD", "2"), ("AB", "0"), ("ABCD", "0"), ("", "0")],
)
def test_partial_credit_is_rounded_down_and_lost_with_a_wrong_choice(response: str, expected: str) -> None:
    score = ITEM_TYPES["multiple"].score(list(response), ["A", "C", "D"], Decimal(2), partial=True)
    assert score == Decimal(expected)


@given(SUBSETS, st.lists(st.sampled_from(OPTIONS), unique=True, min_size=2), MARKS, st.booleans())
def test_a_score_lies_between_nothing_and_full_marks_whatever_the_order(
    response: list[str], key: list[str], marks: Decimal, partial: bool
) -> None:
    kind = ITEM_TYPES["multiple"]
    score = kind.score(response, key, marks, partial)
    assert 0 <= score <= marks
    assert (score == marks) == (set(response) == set(key))
    assert score == kind.score(sorted(response), sorted(key, reverse=True), marks, partial)
    assert score >= kind.score(response, key, marks)


@given(SUBSETS)
def test_a_checked_response_has_one_form(answer: list[str]) -> None:
    kind = ITEM_TYPES["multiple"]
    stored = kind.check_response(answer, OPTIONS)
    assert stored == tuple(sorted(answer)) == kind.check_response(list(reversed(answer)), OPTIONS)


@pytest.mark.parametrize("kind", ITEM_TYPES)
def test_nothing_chosen_is_an_answer(kind: str) -> None:
    assert ITEM_TYPES[kind].check_response([], ("T", "F")) == ()


@pytest.mark.parametrize(
    ("kind", "answer", "options", "code"),
    [
        ("single", ["Z"], "ABCD", "unknown_option"),
        ("single", ["A" * 100_000], "ABCD", "unknown_option"),
        ("single", ["A", "B"], "ABCD", "too_many_options"),
        ("truefalse", ["T", "F"], "TF", "too_many_options"),
        ("truefalse", ["A"], "TF", "unknown_option"),
        ("multiple", ["A", "A"], "ABCD", "option_repeated"),
        ("multiple", ["A"] * 100_000, "ABCD", "option_repeated"),
        ("multiple", "AB", "ABCD", "answer_malformed"),
        ("multiple", None, "ABCD", "answer_malformed"),
        ("multiple", [1], "ABCD", "answer_malformed"),
        ("multiple", [["A"]], "ABCD", "answer_malformed"),
        ("multiple", {"A": 1}, "ABCD", "answer_malformed"),
    ],
)
def test_what_an_item_cannot_be_answered_with(kind: str, answer: object, options: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ITEM_TYPES[kind].check_response(answer, tuple(options))
    assert refused.value.code == code
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("truefalse", ItemContent("题干", {}, ("T",))),
        ("single", ItemContent("题干", TEXTS, ("B",))),
        ("multiple", ItemContent("题干", TEXTS, ("A", "D"))),
    ],
)
def test_right_contents(kind: str, content: ItemContent) -> None:
    assert ITEM_TYPES[kind].content_problems(content) == []


@pytest.mark.parametrize(
    ("kind", "content", "fields"),
    [
        ("truefalse", ItemContent(" ", {"T": "对"}, ()), ["stem", "options", "key"]),
        ("truefalse", ItemContent("题干", {}, ("A",)), ["key"]),
        ("single", ItemContent("题干", TEXTS, ("A", "B")), ["key"]),
        ("single", ItemContent("题干", TEXTS, ("Z",)), ["key"]),
        ("single", ItemContent("题干", {"A": "甲"}, ("A",)), ["options"]),
        ("single", ItemContent("题干", {**TEXTS, "B": "甲 "}, ("A",)), ["options.A", "options.B"]),
        ("single", ItemContent("题干", {**TEXTS, "B": ""}, ("A",)), ["options.B"]),
        ("multiple", ItemContent("题干", TEXTS, ("A",)), ["key"]),
        ("multiple", ItemContent("题干", TEXTS, tuple(TEXTS)), ["key"]),
        ("multiple", ItemContent("题干", TEXTS, ("A", "A")), ["key"]),
    ],
)
def test_every_problem_of_a_content_is_listed(kind: str, content: ItemContent, fields: Sequence[str]) -> None:
    found = ITEM_TYPES[kind].content_problems(content)
    assert [problem.field for problem in found] == list(fields)
    assert all(problem.message % problem.params for problem in found)


@given(st.integers(), SUBSETS)
def test_only_choices_are_shuffled(seed: int, options: list[str]) -> None:
    assert ITEM_TYPES["truefalse"].option_order(("T", "F"), Chance(seed)) == ("T", "F")
    for kind in ("single", "multiple"):
        order = ITEM_TYPES[kind].option_order(options, Chance(seed))
        assert sorted(order) == sorted(options)


@pytest.mark.parametrize(
    ("entry", "text", "right"),
    [
        ("1,000", "１０００", True),
        ("-5", "\u22125", True),
        ("-5", "－5", True),
        ("0.5", ".5", True),
        ("20%", "２０ ％", True),
        ("5", "\u200e5\ufeff", True),
        ("首次解决率", "首次 解决率", True),
        ("8", "08", True),
        ("010", "０１０", True),
        ("010", "10", False),
        ("0531 | 531", "531", True),
        ("1000", "1.000", False),
    ],
)
def test_a_gap_takes_every_way_of_writing_and_no_other_number(entry: str, text: str, right: bool) -> None:
    assert accepts(entry, text) is right
