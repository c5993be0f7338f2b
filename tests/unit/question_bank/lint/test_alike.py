import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from question_bank.lint import alike as module
from question_bank.lint.alike import alike

TEXTS = st.lists(st.text("客户来电座席查询办理的，？", max_size=30), max_size=12, unique=True)


@settings(deadline=None)
@given(TEXTS, st.integers(20, 95))
def test_no_pair_is_missed_and_none_made_up(texts: list[str], percent: int) -> None:
    one_by_one = {
        (one, other): fuzz.ratio(texts[one], texts[other])
        for other in range(len(texts))
        for one in range(other)
        if fuzz.ratio(texts[one], texts[other]) >= percent
    }
    assert {(one, other): ratio for one, other, ratio in alike(texts, percent)} == one_by_one


def test_a_text_many_times_is_paired_with_its_first_place() -> None:
    assert list(alike(["客户来电", "其他事情", "客户来电", "客户来电"], 60)) == [(0, 2, 100.0), (0, 3, 100.0)]


def test_the_size_of_a_step_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"客户第{n % 7}次来电查询第{n}单" for n in range(25)]
    at_once = list(alike(texts, 70))
    monkeypatch.setattr(module, "AT_ONCE", 4)
    monkeypatch.setattr(module, "BUCKETS", 8)
    assert list(alike(texts, 70)) == at_once
