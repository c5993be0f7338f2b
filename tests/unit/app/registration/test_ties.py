"""One employer, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registration.ties import known_ties, normalized


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("远航客服有限公司", "远航客服"),
        ("远航客服（北京）有限责任公司", "远航客服(北京)"),
        ("远航客服集团", " 远航 客服 "),
        ("ＡＢＣ Ltd.", "abc"),
        ("Blue Harbour Co., Ltd.", "BLUE HARBOUR"),
    ],
)
def test_two_spellings_of_one_house_agree(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)


@pytest.mark.parametrize(("one", "other"), [("远航客服", "远洋客服"), ("", ""), ("", "远航"), ("   ", " ")])
def test_different_or_empty_names_are_no_tie(one: str, other: str) -> None:
    assert known_ties(one, other, "") == []


def test_employer_and_school_are_told_apart() -> None:
    assert known_ties("东湖学校", "远航客服", "东湖学校") == ["school"]
    assert known_ties("远航客服", "远航客服有限公司", "远航客服") == ["employer", "school"]


@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing_more(name: str) -> None:
    assert known_ties(name, name, "") == (["employer"] if normalized(name) else [])
