from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schemes.scheme import Renewal
from certificates.register.renewal import Shown, months_later, reasons_against, window

RULE = Renewal(months_before=6, months_after=2, training_hours=20)
ENDS = date(2029, 8, 31)
GOOD = Shown("valid", ENDS, 20)


@pytest.mark.parametrize(
    ("rule", "shown", "today", "codes"),
    [
        (RULE, GOOD, date(2029, 2, 28), []),
        (RULE, GOOD, date(2029, 2, 27), ["renewal_too_early"]),
        (RULE, GOOD, ENDS, []),
        (RULE, GOOD, date(2029, 10, 31), []),
        (RULE, GOOD, date(2029, 11, 1), ["renewal_too_late"]),
        (RULE, replace(GOOD, training_hours=19), ENDS, ["training_hours_short"]),
        (RULE, replace(GOOD, status="suspended"), ENDS, ["status_conflict"]),
        (RULE, replace(GOOD, open_incidents=1), ENDS, ["incident_open"]),
        (RULE, replace(GOOD, expires_on=None), ENDS, ["no_term"]),
        (None, GOOD, ENDS, ["renewal_unknown"]),
        (RULE, Shown("revoked", ENDS, 0, 2), date(2040, 1, 1),
         ["status_conflict", "renewal_too_late", "training_hours_short", "incident_open"]),
    ],
)  # fmt: skip
def test_the_rule(rule: Renewal | None, shown: Shown, today: date, codes: list[str]) -> None:
    found = reasons_against(rule, shown, today)
    assert [one.code for one in found] == codes
    assert all(one.message % dict(one.params) for one in found)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120), st.integers(0, 120))
def test_the_window_holds_the_last_day_of_the_term(ends: date, before: int, after: int) -> None:
    span = window(Renewal(before, after, 0), ends)
    assert span is not None
    assert span.opens_on < ends <= span.closes_on


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200, 200))
def test_months_move_the_month_and_never_past_it(day: date, months: int) -> None:
    then = months_later(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day <= day.day
