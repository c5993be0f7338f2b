from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registration.eligibility import Reason
from app.results.verdict import Missed, Sitting
from app.schemes.scheme import scheme
from certificates.register.deciders import reasons
from certificates.register.eligibility import Facts, reasons_against

LEVEL = scheme("PTS152010301-01").level("junior")
DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def sat(part: str, score: str, day: int = 0) -> Sitting:
    at = DAY + timedelta(days=day)
    return Sitting(part, Decimal(score), at, at + timedelta(days=365))


PASSED = (sat("theory", "60"), sat("practical", "60"))


def codes(**changes: Any) -> list[str]:
    facts = Facts(**{"admitted": True, "sittings": PASSED, **changes})
    return [reason.code for reason in reasons_against(LEVEL, facts)]


def test_nothing_stands_against_sixty_and_sixty() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"admitted": False}, ["not_admitted"]),
        ({"sittings": ()}, ["theory_missing", "practical_missing"]),
        ({"sittings": (sat("theory", "59.99"), sat("practical", "60"))}, ["theory_failed"]),
        ({"sittings": (sat("theory", "60"), sat("practical", "59.99"))}, ["practical_failed"]),
        ({"sittings": (sat("theory", "59.99"),)}, ["theory_failed", "practical_missing"]),
        ({"sittings": (sat("theory", "70"), sat("practical", "70", 366))}, ["theory_outlived"]),
        ({"sittings": (sat("theory", "70", 400), sat("practical", "70"))}, ["practical_outlived"]),
        ({"open_incidents": 2}, ["incident_open"]),
        ({"standing_serial": "X"}, ["already_issued"]),
        ({"revoked_serial": "X"}, ["revoked_before"]),
        ({"against_decider": reasons(["holder", "kin"], decider="a", holder="b")}, ["own_certificate", "decider_kin"]),
        ({"prerequisite_is_demonstration": True}, ["prerequisite_demonstration"]),
        ({"admission": (Reason("prerequisite_missing", "x"),)}, ["prerequisite_missing"]),
    ],
)
def test_each_reason_by_itself(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changes) == expected


def test_all_reasons_are_told_at_once() -> None:
    found = codes(
        admitted=False,
        sittings=(sat("theory", "12.5"),),
        admission=(Reason("training_hours_short", "x"), Reason("photo_missing", "x")),
        open_incidents=1,
    )
    assert found == [
        "not_admitted", "training_hours_short", "photo_missing", "theory_failed", "practical_missing", "incident_open",
    ]  # fmt: skip


def test_the_figures_are_exact() -> None:
    facts = Facts(True, (sat("theory", "59.990"), sat("practical", "60")))
    assert reasons_against(LEVEL, facts)[0].params == {"score": "59.99", "needed": "60"}


@given(
    st.decimals(0, 100, places=2),
    st.decimals(0, 100, places=2),
    st.booleans(),
    st.integers(0, 2),
    st.booleans(),
)
def test_only_if_everything_holds(
    theory: Decimal, practical: Decimal, admitted: bool, incidents: int, prerequisite: bool
) -> None:
    admission = () if prerequisite else (Reason("prerequisite_not_valid", "x"),)
    facts = Facts(admitted, (sat("theory", str(theory)), sat("practical", str(practical))), admission, incidents)
    may = theory >= 60 and practical >= 60 and admitted and not incidents and prerequisite
    assert (reasons_against(LEVEL, facts) == ()) == may


@given(st.integers(0, 10000), st.integers(0, 10000), st.integers(0, 3))
def test_a_missed_critical_criterion_never_passes(theory: int, practical: int, missed: int) -> None:
    names = tuple(Missed(f"J0{n}", "身份核实", "Verifying") for n in range(missed))
    scores = (Decimal(theory) / 100, Decimal(practical) / 100)
    sittings = (sat("theory", str(scores[0])), replace(sat("practical", str(scores[1])), failed_critical=names))
    found = codes(sittings=sittings)
    assert ("practical_critical" in found) == bool(missed)
    assert (found == []) == (scores[0] >= 60 and scores[1] >= 60 and not missed)


def test_a_later_practical_without_a_miss_counts() -> None:
    failed = replace(sat("practical", "92"), failed_critical=(Missed("J04", "身份核实", "Verifying"),))
    assert codes(sittings=(PASSED[0], failed)) == ["practical_critical"]
    assert codes(sittings=(PASSED[0], failed, sat("practical", "61", 5))) == []
    assert codes(sittings=(PASSED[0], sat("practical", "61"), replace(failed, sat_at=DAY + timedelta(days=5)))) == []
