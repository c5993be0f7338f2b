"""Names are kept as typed, but nothing in them may turn or hide what stands beside it."""

from __future__ import annotations

import pytest

from app.core.texts import is_plain, said, tidy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "李雷",
        "<b>李&雷</b>",
        "%(x)s",
        "{{7*7}}",
        "李𬭊",
        "张　三",
        "阿依古丽·买买提",
        "𱍐",
        "葛\U000e0100",
        "O’Neil",
    ],
)
def test_names_as_people_have_them_are_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", ["李\x00", "李\n雷", "\u202e李", "李\u200b雷", "\ufeff李", "李\x7f", "\ud800"])
def test_characters_that_nobody_sees_are_not(text: str) -> None:
    assert not is_plain(text)


def test_any_blank_between_the_parts_of_a_name_becomes_one_plain_space() -> None:
    assert tidy(" 张　三\u00a0 四 ") == "张 三 四"


@pytest.mark.parametrize("text", ["", "  ", "\u3000\n", "\u200b", " \u200b\u2060\ufeff ", "\u202e"])
def test_what_nobody_sees_says_nothing(text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize("text", ["火警", " 停电 \n", "a\u200bb"])
def test_what_is_said_stands_without_the_blanks_around_it(text: str) -> None:
    assert said(text) == text.strip()
