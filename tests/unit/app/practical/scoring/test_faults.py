"""Marks against the faults of a recording."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring import faults
from app.practical.scoring.values import Done
from tests.factories.desk_tasks import FAULTS


def marked(*marks: tuple[Any, ...]) -> list[Done]:
    return [
        Done("mark", {"id": str(number), "at": str(at), "fault": kind, "remark": ""}, Decimal(number))
        for number, (at, kind) in enumerate(marks)
    ]


@pytest.mark.parametrize(
    "marks, expected",
    [
        ([], "0"),
        ([(3, "greeting")], "0.5"),
        ([(3, "greeting"), (22, "privacy")], "1"),
        ([(8, "greeting"), (18, "privacy")], "1"),  # 3 seconds behind, 2 before
        ([(8.1, "greeting"), (17.9, "privacy")], "0"),  # just outside: found nothing, two false alarms
        ([(3, "privacy")], "0"),  # the right place, the wrong name
        ([(3, "greeting"), (4, "greeting")], "0.5"),  # one fault marked twice is found once
        ([(3, "greeting"), (42, "privacy")], "0.25"),  # a decoy costs half of a fault
        ([(3, "greeting"), (42, "privacy"), (50, "privacy"), (55, "greeting")], "0"),
    ],
)
def test_share(marks: list[tuple[Any, ...]], expected: str) -> None:
    assert faults.score(FAULTS, marked(*marks)).share == Decimal(expected)


def test_a_mark_goes_where_it_is_needed() -> None:
    """Two faults of a kind whose windows overlap, and two marks, one of which only fits the first."""
    block = {**FAULTS, "faults": [
        {"id": "a", "kind": "greeting", "from": "10", "to": "12", "why": ""},
        {"id": "b", "kind": "greeting", "from": "14", "to": "16", "why": ""},
    ]}  # fmt: skip
    assert faults.score(block, marked((13, "greeting"), (9, "greeting"))).share == 1


def test_marks_may_be_changed_and_taken_away() -> None:
    entries = [
        *marked((50, "greeting"), (51, "greeting")),
        Done("mark", {"id": "0", "at": "3", "fault": "greeting", "remark": "没有问候"}, Decimal(5)),
        Done("unmark", {"id": "1"}, Decimal(6)),
    ]
    scored = faults.score(FAULTS, entries)
    assert scored.share == Decimal("0.5")
    assert scored.facts["faults"][0]["found"]["remark"] == "没有问候"
    assert scored.facts["false"] == []


def test_false_alarms_are_explained() -> None:
    facts = faults.score(FAULTS, marked((42, "privacy"), (22, "greeting"))).facts
    assert facts["false"][1]["decoy"] == ["这是规定的核实"]
    assert facts["false"][0]["other_kind"] == ["f2"]


some_marks = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["greeting", "privacy"])), max_size=8)


@given(some_marks)
def test_finding_one_more_never_costs(marks: list[tuple[int, str]]) -> None:
    before = faults.score(FAULTS, marked(*marks)).share
    after = faults.score(FAULTS, marked(*marks, (22, "privacy"))).share
    assert before is not None
    assert after is not None
    assert 0 <= before <= after <= 1
