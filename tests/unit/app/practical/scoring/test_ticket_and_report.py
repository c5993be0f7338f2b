"""Fields against their keys, by what they mean and not by their letters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring import report, ticket
from app.practical.scoring.forms import credit
from app.practical.scoring.values import Done
from tests.factories.desk_tasks import REPORT, TICKET


@pytest.mark.parametrize(
    "kind, answer, given, right",
    [
        ("text", "周岚", " 周岚 ", True),
        ("text", "周岚", "周兰", False),
        ("phone", "138 0000 0001", "+86 138-0000-0001", True),
        ("phone", "138 0000 0001", "13800000002", False),
        ("date", "2026-06-18", "6月18日", True),
        ("date", "2026-06-18", "2026/6/18", True),
        ("date", "2026-06-18", "2025-06-18", False),
        ("time", "14:30", "下午2点半", True),
        ("time", "14:30", "14：30", True),
        ("time", "09:05", "9点5分", True),
        ("time", "14:30", "2:30", False),
        ("number", "298", "298.00 元", True),
        ("number", "2316.4", "2，316.40", True),
        ("number", "298", "二百九十八", False),
        ("choice", "投诉", "投诉", True),
        ("choice", "投诉", "查询", False),
        ("long", "不再续费", "客户要求：解约，不再续费。", True),
        ("long", "不再续费", "客户要求解约。", False),
        ("text", "周岚", "", False),
    ],
)
def test_what_says_the_same(kind: str, answer: str, given: str, right: bool) -> None:
    assert credit({"type": kind, "answer": [answer]}, given) == (1 if right else 0)


def test_near_texts_are_tolerated_as_far_as_the_key_says() -> None:
    field = {"type": "text", "answer": ["星河影音"], "near": 1}
    assert credit(field, "星河映音") == 1
    assert credit(field, "星空映音") == 0


def values(**given: Any) -> list[Done]:
    return [Done("values", {"values": {name: value}}, Decimal(1)) for name, value in given.items()]


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, "0"),
        ({"name": "周岚"}, "0.25"),
        ({"phone": "13800000001"}, "0.5"),
        ({"name": "周岚", "phone": "13800000001", "kind": "投诉"}, "1"),
        ({"note": "客户着急"}, "0"),  # a field without a key is the examiner's
    ],
)
def test_a_ticket_counts_by_weight(given: dict[str, str], expected: str) -> None:
    assert ticket.score(TICKET, values(**given)).share == Decimal(expected)


def test_the_last_writing_counts() -> None:
    assert ticket.score(TICKET, [*values(name="周岚"), *values(name="周蓝")]).share == 0


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, "0"),
        ({"q1": "300"}, "0.5"),
        ({"q1": "301"}, "0"),
        ({"q2": "二"}, "0.25"),
        ({"q3": ["三", "一"]}, "0.25"),
        ({"q3": ["一"]}, "0"),  # all together or not at all
        ({"q1": " 300 ", "q2": "二", "q3": ["一", "三"], "q4": "加人"}, "1"),
    ],
)
def test_a_report_counts_by_weight(given: dict[str, Any], expected: str) -> None:
    assert report.score(REPORT, values(**given)).share == Decimal(expected)


def test_a_number_within_its_tolerance() -> None:
    question = {"type": "number", "answer": ["86.67"], "tolerance": "0.05"}
    assert report.right(question, "86.7")
    assert not report.right(question, "86.8")
    assert not report.right(question, "NaN")


def test_nothing_to_count_proposes_nothing() -> None:
    only_long = {**REPORT, "questions": [REPORT["questions"][3]]}
    assert report.score(only_long, values(q4="加人")).share is None


@given(st.dictionaries(st.sampled_from(["name", "phone", "kind", "note"]), st.text(max_size=20)))
def test_one_more_right_field_never_costs(given_values: dict[str, str]) -> None:
    before = ticket.score(TICKET, values(**given_values)).share
    after = ticket.score(TICKET, values(**given_values | {"phone": "13800000001"})).share
    assert before is not None
    assert after is not None
    assert 0 <= before <= after <= 1
