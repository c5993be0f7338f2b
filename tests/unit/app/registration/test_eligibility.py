"""Every reason against an application, not only the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registration.eligibility import Facts, reasons_against
from app.schemes.scheme import Level, scheme

SCHEME = scheme("PTS152010301-01")
TODAY = date(2026, 11, 21)


def lower(level: Level) -> Level | None:
    return SCHEME.level(level.prerequisite) if level.prerequisite else None


def fitting(code: str) -> Facts:
    level = SCHEME.level(code)
    return Facts(
        today=TODAY,
        identity=True,
        photo=True,
        occupation=level.eligibility.any_of[0] if level.eligibility.any_of else "",
        training_hours=level.training_hours,
        training_mode=level.training_modes[0],
        documents=frozenset({"training", "recommendation"}),
        recommending_employer="远航客服中心",
        recommended_on=TODAY,
        certificates={level.prerequisite: "valid"} if level.prerequisite else {},
    )


def codes(level: str, facts: Facts) -> list[str]:
    found = SCHEME.level(level)
    return [reason.code for reason in reasons_against(found, facts, lower(found))]


@pytest.mark.parametrize("level", [one.code for one in SCHEME.levels])
def test_nothing_stands_against_who_fulfils_everything(level: str) -> None:
    assert codes(level, fitting(level)) == []


@pytest.mark.parametrize(
    ("level", "change", "code"),
    [
        ("junior", {"identity": False}, "identity_missing"),
        ("junior", {"photo": False}, "photo_missing"),
        ("junior", {"occupation": ""}, "status_not_fitting"),
        ("junior", {"occupation": "holds_junior_certificate"}, "status_not_fitting"),
        ("junior", {"training_hours": 47}, "training_hours_short"),
        ("intermediate", {"training_hours": 71}, "training_hours_short"),
        ("senior", {"training_hours": 107}, "training_hours_short"),
        ("junior", {"training_mode": "on_site"}, "training_mode_not_fitting"),
        ("junior", {"training_mode": ""}, "training_mode_not_fitting"),
        ("junior", {"documents": frozenset()}, "training_evidence_missing"),
        ("intermediate", {"certificates": {}}, "prerequisite_missing"),
        ("intermediate", {"certificates": {"senior": "valid"}}, "prerequisite_missing"),
        ("intermediate", {"certificates": {"junior": "suspended"}}, "prerequisite_not_valid"),
        ("intermediate", {"certificates": {"junior": "revoked"}}, "prerequisite_not_valid"),
        ("senior", {"certificates": {"intermediate": "expired"}}, "prerequisite_not_valid"),
        ("senior", {"documents": frozenset({"training"})}, "recommendation_missing"),
        ("senior", {"recommending_employer": "  "}, "recommending_employer_missing"),
        ("senior", {"recommended_on": None}, "recommendation_date_missing"),
        ("senior", {"recommended_on": date(2026, 11, 22)}, "recommendation_date_in_future"),
        ("junior", {"certificates": {"junior": "valid"}}, "already_certified"),
        ("junior", {"certificates": {"junior": "suspended"}}, "already_certified"),
    ],
)
def test_each_condition_has_its_reason(level: str, change: dict[str, Any], code: str) -> None:
    assert codes(level, replace(fitting(level), **change)) == [code]


def test_a_revoked_certificate_of_the_same_level_bars_nobody() -> None:
    assert codes("junior", replace(fitting("junior"), certificates={"junior": "revoked"})) == []


def test_online_and_on_site_both_count_for_the_senior_level() -> None:
    assert codes("senior", replace(fitting("senior"), training_mode="on_site")) == []


def test_with_nothing_on_file_every_reason_is_told() -> None:
    assert codes("senior", Facts(today=TODAY)) == [
        "identity_missing",
        "photo_missing",
        "training_hours_short",
        "training_mode_not_fitting",
        "training_evidence_missing",
        "prerequisite_missing",
        "recommendation_missing",
        "recommending_employer_missing",
        "recommendation_date_missing",
    ]


@given(st.sampled_from([one.code for one in SCHEME.levels]), st.integers(0, 500))
def test_hours_count_exactly(level: str, hours: int) -> None:
    short = "training_hours_short" in codes(level, replace(fitting(level), training_hours=hours))
    assert short == (hours < SCHEME.level(level).training_hours)
