"""Texts of items become HTML that is safe, whole, and readable by ear."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.web.item_text import is_one_line, item_line, item_text

TABLE = "各组的数据：\n| 组 | 人数 | 说明 |\n|---|---|---|\n| 一组 | 12 | 早班 |\n| 二组 | 8 | ____ |"
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")


@pytest.fixture(autouse=True)
def reader(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def field(number: int) -> Markup:
    return Markup("<input name={}>").format(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句话", "<p>一句话</p>"),
        ("一\n\n二", "<p>一</p><p>二</p>"),
        ("这是**重点**。", "<p>这是<strong>重点</strong>。</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&#34;&#39;</p>"),
        ("**<i>**", "<p><strong>&lt;i&gt;</strong></p>"),
        ("![柱形图](a.png)", '<p><img class="item-picture" src="/a" alt="柱形图" decoding="async"></p>'),
        ('!["x="](a.png)', '<p><img class="item-picture" src="/a" alt="&#34;x=&#34;" decoding="async"></p>'),
        ("![没有的](b.png)", '<p><span class="picture-missing">[没有的]</span></p>'),
        ("填 ____ 和 ____", "<p>填 <input name=1> 和 <input name=2></p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_text_as_html(text: str, expected: str) -> None:
    assert item_text(text, {"a.png": "/a"}, field) == expected


def test_a_table_is_named_headed_and_its_figures_stand_right() -> None:
    made = item_text(TABLE, gap=field)
    assert '<table aria-label="各组的数据：">' in made
    assert '<th scope="col" class="number">人数</th>' in made
    assert '<th scope="row">一组</th><td class="number">12</td><td>早班</td>' in made
    assert "<td><input name=1></td>" in made


def test_a_first_column_of_figures_heads_nothing() -> None:
    assert 'scope="row"' not in item_text("| 时 | 量 |\n|---|---|\n| 9 | 12 |")


def test_a_first_column_of_words_and_figures_heads_its_rows_alike() -> None:
    made = item_text("| 次数 | 量 |\n|---|---|\n| 1次 | 12 |\n| 2次及以上 | 3 |")
    assert made.count('<th scope="row">') == 2
    assert '<th scope="col">次数</th>' in made


def test_without_a_field_a_gap_is_named_for_readers() -> None:
    assert 'role="img" aria-label="' in item_text("填 ____")


def test_in_a_line_there_are_no_blocks() -> None:
    assert item_line("一\n二") == "一<br>二"
    assert "<p>" not in item_line(TABLE)
    assert "<table" not in item_line(TABLE)


@pytest.mark.parametrize(
    ("text", "expected"), [("一句**话**", True), ("一\n二", False), (TABLE, False), ("![a](b)", False), ("____", False)]
)
def test_what_may_stand_in_a_legend(text: str, expected: bool) -> None:
    assert is_one_line(text) is expected


@given(st.text(st.sampled_from("<>&\"'|-\n*_![]()ab1 ＿")))
def test_no_text_opens_what_it_does_not_close(text: str) -> None:
    for made in (item_text(text, {"a": "/a"}, field), item_line(text, {"a": "/a"}, field)):
        open_tags: list[str] = []
        for closing, tag in TAGS.findall(made):
            if tag in ("img", "input", "br"):
                continue
            if closing:
                assert open_tags.pop() == tag
            else:
                open_tags.append(tag)
        assert not open_tags
        assert "<" not in TAGS.sub("", made)
