"""Who needs a proctor's eye."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.attention import ORDER, SILENT_AFTER, Signs, reasons, urgency

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
AT_WORK = Signs("in_progress", True, NOW, True, 0, 0)


@pytest.mark.parametrize(
    "signs, expected",
    [
        (AT_WORK, []),
        (replace(AT_WORK, last_sign=NOW - SILENT_AFTER), []),
        (replace(AT_WORK, last_sign=NOW - SILENT_AFTER - timedelta(seconds=1)), ["silent"]),
        (replace(AT_WORK, last_sign=None), ["silent"]),
        (replace(AT_WORK, last_sign=None, signs_known=False), []),  # nobody can say: nobody is accused
        (replace(AT_WORK, open_takeovers=1, open_others=2), ["takeover", "incident"]),
        (replace(AT_WORK, state="paused", last_sign=None), ["paused"]),
        (replace(AT_WORK, state="prepared", last_sign=None), ["not_started"]),
        (replace(AT_WORK, state="prepared", session_open=False), []),
        (replace(AT_WORK, state="submitted", last_sign=None), []),
        (replace(AT_WORK, state=None, last_sign=None), []),
    ],
)
def test_reasons(signs: Signs, expected: list[str]) -> None:
    assert reasons(signs, NOW) == expected


@given(st.lists(st.sampled_from(ORDER), unique=True), st.lists(st.sampled_from(ORDER), unique=True))
def test_one_more_reason_never_makes_it_less_urgent(some: list[str], more: list[str]) -> None:
    assert urgency(some + more) <= urgency(some) <= urgency([])
