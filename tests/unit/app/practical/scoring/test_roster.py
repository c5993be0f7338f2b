"""Rosters against the need of their intervals, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring import roster
from app.practical.scoring.values import Done
from question_bank.tasks.planning import Roster
from tests.factories.desk_tasks import ROSTER

TASK = Roster.model_validate(ROSTER)


def planned(**plan: str) -> list[Done]:
    return [Done("values", {"values": {who: shift}}, Decimal(1)) for who, shift in plan.items()]


def test_the_need_of_each_interval() -> None:
    """20 calls of 240 s in half an hour are 2 2/3 erlangs: 5 agents answer 80 % in 20 s, 4 only 73 %. 30 calls are 4:
    7 agents answer 89 %, 6 only 76 % (C = 0.2848, e^-1/6 = 0.8465). With a tenth away that is 6 and 8 people."""
    assert roster.needs(TASK) == [6, 8, 6]


def test_the_best_plan_earns_all() -> None:
    scored = roster.score(ROSTER, planned(**ROSTER["best"]))
    assert scored.share == 1
    assert scored.facts["breaches"] == []
    assert [one["there"] for one in scored.facts["intervals"]] == [6, 8, 8]


def test_an_empty_plan_earns_nothing() -> None:
    scored = roster.score(ROSTER, [])
    assert scored.share == 0
    assert scored.facts["breaches"][0]["limit"] == "must_work"


def test_a_broken_limit_costs_a_tenth() -> None:
    """p1 and p2 on one shift: all is covered (6 + 8 + 6 of 20), one limit is broken."""
    scored = roster.score(ROSTER, planned(**{**ROSTER["best"], "p2": "early"}))
    assert scored.share == Decimal("0.9")
    assert scored.facts["breaches"][0]["params"] == {"one": "员工1", "other": "员工2"}


def test_what_is_covered_counts() -> None:
    """Three early: 3 + 3 + 3 of 20."""
    scored = roster.score(ROSTER, planned(p1="early", p3="early", p4="early"))
    assert scored.share == Decimal("0.45")
    assert scored.facts["met"] == "45.0"


def test_a_break_takes_people_away() -> None:
    block: dict[str, Any] = {
        **ROSTER,
        "shifts": [{**ROSTER["shifts"][0], "break": ["09:30", "10:00"]}, ROSTER["shifts"][1]],
    }
    there = roster.score(block, planned(p1="early", p3="late")).facts["intervals"]
    assert [one["there"] for one in there] == [1, 1, 2]


plans = st.dictionaries(st.sampled_from([f"p{n}" for n in range(1, 9)]), st.sampled_from(["early", "late", ""]))


@given(plans)
def test_shares_stay_within_bounds_and_one_more_at_work_never_costs(plan: dict[str, str]) -> None:
    share = roster.score(ROSTER, planned(**plan)).share
    assert share is not None
    assert 0 <= share <= 1
    if not plan.get("p8"):
        more = roster.score(ROSTER, planned(**{**plan, "p8": "early"})).share
        assert more is not None
        assert more >= share
