"""Put together from kept parts, an item is letter for letter what its template renders."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from flask import Flask, current_app

from app.web.candidate.item_pages import SPACE, item_page
from app.web.candidate.paper import tasks

STEM = "客户说 <b>“不”</b> & 挂断时，座席应当？"
LONG = "第一段\n\n| 指标 | 值 |\n|---|---|\n| 接通率 | 95% |"


def entry(position: int, kind: str, **other: Any) -> dict[str, Any]:
    texts = {"T": "正确", "F": "错误"} if kind == "truefalse" else {one: f"{one} < 选项 {one}" for one in "ABCD"}
    item = {
        "position": position, "type": kind, "marks": 1, "stem": STEM, "control": "choice",
        "tasks": tasks(kind, partial=False), "answer": [], "flagged": False, "seq": 0,
        "options": [{"id": number, "text": text} for number, text in texts.items()],
    }  # fmt: skip
    return {**item, **other}


def rendered(item: dict[str, Any], kind: str, language: str) -> str:
    template = current_app.jinja_env.get_template("candidate/items/item.html")
    return template.render(item=item, kind=kind, space=SPACE[language])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "item, kind",
    [
        (entry(1, "single"), "single"),
        (entry(90, "multiple"), "multiple"),
        (entry(7, "truefalse"), "truefalse"),
        (entry(8, "single", stem=LONG), "single"),
        (entry(9, "single", stimulus=2), "single"),
        (entry(10, "truefalse", stimulus=1), "single"),
        (entry(11, "single", marks=2.5), "multiple"),
        (entry(12, "single", answer=["B"], seq=4), "single"),
        (entry(13, "multiple", answer=["A", "C"], flagged=True, seq=9), "multiple"),
        (entry(14, "single", stem="看图 ![图](a.png)", media={"a.png": "/x/abc"}), "single"),
    ],
)
def test_each_item_as_its_template_says(store: Flask, item: dict[str, Any], kind: str, language: str) -> None:
    with store.test_request_context(headers={"Accept-Language": language}):
        for _ in range(2):  # rendered, then kept
            assert str(item_page(item, kind)) == rendered(item, kind, language)


def test_positions_and_the_order_of_options_are_each_papers_own(store: Flask) -> None:
    with store.test_request_context(headers={"Accept-Language": "zh"}):
        for position, order in enumerate(permutations(entry(1, "single")["options"]), 1):
            item = entry(position, "single", options=list(order))
            assert str(item_page(item, "single")) == rendered(item, "single", "zh")


def test_what_one_language_keeps_the_other_does_not_show(store: Flask) -> None:
    item = entry(3, "single", stem=LONG)
    shown = {}
    for language in ("zh", "en", "zh"):
        with store.test_request_context(headers={"Accept-Language": language}):
            shown.setdefault(language, set()).add(str(item_page(item, "single")))
    assert len(shown["zh"]) == len(shown["en"]) == 1
    assert shown["zh"] != shown["en"]
