"""One employer, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registration.ties import Known, known_ties, normalized


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
    assert known_ties(one, "王伟", Known(employer=other)) == []


def test_employer_school_and_training_are_told_apart() -> None:
    assert known_ties("东湖学校", "王伟", Known("远航客服", "东湖学校")) == ["school"]
    assert known_ties("远航客服", "王伟", Known("远航客服有限公司", "远航客服")) == ["employer", "school"]
    assert known_ties("远航培训", "王伟", Known(training_provider="远航培训有限公司", trainers="王伟")) == ["trainer"]


@pytest.mark.parametrize("trainers", ["王伟", "李娜、王 伟", "李娜，王伟老师", "Li Na; 王伟\n赵敏"])
def test_a_trainer_is_known_by_name_however_the_names_are_listed(trainers: str) -> None:
    assert known_ties("", "王伟", Known(trainers=trainers)) == ["trainer"]


@pytest.mark.parametrize(
    "trainers", ["买买提・艾力", "李娜、买买提•艾力老师", "李娜 买买提·艾力", "李娜 | 买买提﹒艾力", "买买提 · 艾力"]
)
def test_a_trainer_is_known_whichever_dot_the_name_was_written_with(trainers: str) -> None:
    assert known_ties("", "买买提·艾力", Known(trainers=trainers)) == ["trainer"]


@pytest.mark.parametrize("trainers", ["", "王伟明", "小王伟", "、，"])
def test_other_names_are_no_tie(trainers: str) -> None:
    assert known_ties("", "王伟", Known(trainers=trainers)) == []


@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing_more(name: str) -> None:
    assert known_ties(name, "", Known(employer=name)) == (["employer"] if normalized(name) else [])
