"""What the editor's form becomes, and what its buttons do to it."""

from __future__ import annotations

from copy import deepcopy
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web.author import typed
from question_bank.item_types import ITEM_TYPES
from question_bank.workshop.content import FIELDS, Content, normal

SINGLE = [
    ("type", "single"), ("stem", "先做什么？"), ("place", "五/客户服务技巧"), ("seconds", "45"), ("key", "B"),
    ("option-A", "甲"), ("option-B", "乙"), ("option-C", "丙"), ("feedback-A", "错"), ("feedback-D", "无"),
]  # fmt: skip


def content(*fields: tuple[str, str]) -> Content:
    return typed.content_of_form(MultiDict([*SINGLE, *fields]))


def test_everything_that_was_typed() -> None:
    found = content(("case", "1"), ("difficulty", " 0.65 "), ("media:a.png", "f" * 64))
    assert set(found) == set(FIELDS)
    assert (found["row"], found["content"], found["seconds"], found["case"]) == ("五", "客户服务技巧", 45, True)
    assert (found["key"], found["feedback"], found["difficulty"]) == (["B"], {"A": "错"}, "0.65")
    assert found["media"] == {"a.png": "f" * 64}
    assert found["stimulus"] is None


@pytest.mark.parametrize("wrong", ["", "many", "-1", "１２", "9" * 40])
def test_what_is_no_figure_stays_as_typed_for_the_workshop_to_refuse(wrong: str) -> None:
    found = typed.content_of_form(MultiDict([("type", "single"), ("seconds", wrong)]))
    assert found["seconds"] == wrong


@pytest.mark.parametrize(
    ("kind", "fields", "key"),
    [
        ("truefalse", [("key", "F")], ["F"]),
        ("multiple", [("key", "A"), ("key", "C"), ("key", "Z")], ["A", "C"]),
        ("ordering", [("order", "b, A、c")], ["B", "A", "C"]),
        ("matching", [("option-1", "一"), ("option-2", "二"), ("match-1", "B"), ("match-2", "Z")], ["1-B"]),
        ("fill", [("stem", "____ 和 ____"), ("gap-1", "60 | 六十"), ("gap-2", ""), ("gap-3", "多")], ["60 | 六十", ""]),
        ("fill", [("stem", "____"), ("gap-1", " ")], []),
        ("open", [("key", "A")], []),
        ("riddle", [("key", "A")], []),
    ],
)
def test_the_key_of_each_type(kind: str, fields: list[tuple[str, str]], key: list[str]) -> None:
    options = [(f"option-{letter}", letter) for letter in "ABC"]
    assert typed.content_of_form(MultiDict([("type", kind), *fields, *options]))["key"] == key


def test_criteria_in_the_order_of_their_numbers() -> None:
    lines = [(f"criterion-{number}-{name}", f"{name} {number}") for number in (10, 2) for name in ("text", "points")]
    found = typed.content_of_form(MultiDict([("type", "open"), *lines]))["criteria"]
    assert found == [{"text": "text 2", "points": "points 2"}, {"text": "text 10", "points": "points 10"}]


def test_a_removed_option_takes_its_place_along() -> None:
    found = content()
    typed.remove_option(found, "A")
    assert (found["options"], found["key"], found["feedback"]) == ({"A": "乙", "B": "丙"}, ["A"], {})
    typed.remove_option(found, "A")
    assert (found["options"], found["key"]) == ({"A": "丙"}, [])


def test_a_removed_entry_leaves_the_other_pairs_together() -> None:
    found = content() | {"options": {"1": "一", "2": "二", "A": "甲", "B": "乙"}, "key": ["1-A", "2-B"]}
    typed.remove_option(found, "1")
    assert (found["options"], found["key"]) == ({"1": "二", "A": "甲", "B": "乙"}, ["1-B"])
    typed.remove_option(found, "A")
    assert (found["options"], found["key"]) == ({"1": "二", "A": "乙"}, ["1-A"])


@given(st.lists(st.sampled_from(["add-option", "add-entry", "remove-option"]), max_size=30), st.data())
def test_letters_never_have_gaps(presses: list[str], data: st.DataObject) -> None:
    found: Content = {"options": {"1": "", "A": "", "B": ""}, "feedback": {}, "key": ["1-B"]}
    for press in presses:
        gone = data.draw(st.sampled_from([*found["options"], "Z"])) if press == "remove-option" else ""
        typed.CHANGES[press](found, gone)
        letters = [one for one in found["options"] if not one.isdecimal()]
        figures = [one for one in found["options"] if one.isdecimal()]
        assert letters == list(ascii_uppercase[: len(letters)])
        assert figures == list(typed.FIGURES[: len(figures)])
        assert len(letters) <= typed.MOST_OPTIONS
        assert all(part in found["options"] for key in found["key"] for part in key.split("-"))


@pytest.mark.parametrize("kind", list(ITEM_TYPES))
def test_what_a_new_item_begins_with_can_be_kept(kind: str) -> None:
    assert normal(typed.blank(kind, "五", "客户服务技巧"))["type"] == kind


def test_files_that_no_text_shows_are_left_out() -> None:
    found = content(("media:a.png", "a"), ("media:b.png", "b"))
    found["stem"] = "看图：![图](b.png)"
    found["stimulus"] = {"text": "![图](c.png)", "audio": "d.wav", "media": {"c.png": "c", "d.wav": "d", "e.png": "e"}}
    before = deepcopy(found)
    shown = typed.shown_only(found)
    assert shown["media"] == {"b.png": "b"}
    assert shown["stimulus"]["media"] == {"c.png": "c", "d.wav": "d"}
    assert found == before


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("来电 图 (1).png", {}, "来电-图-1-.png"),
        ("../../etc/passwd", {}, "etc-passwd"),
        ("a.png", {"a.png": ""}, "a-2.png"),
        ("a.png", {"a.png": "", "a-2.png": ""}, "a-3.png"),
        ("()", {"file": ""}, "file-2"),
    ],
)
def test_names_of_files_that_texts_can_refer_to(name: str, taken: dict[str, str], expected: str) -> None:
    assert typed.file_name(name, taken) == expected
