from decimal import Decimal
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.bank_item import BankItem
from question_bank.bank_yaml import FileContent, read_yaml, write_yaml
from tests.factories.items import bank_item, statement

HEAD = "scheme: PTS152010301-01\nlevel: junior\nrow: 五\ncontent: 客户服务技巧\nstatus: s\nauthor: a\nitems:\n"
ITEM = """\
  - id: X-1
    type: single
    point: 倾听
    difficulty: 0.65
    stem: 怎样做？
    options:
      A: 甲
      B: 乙
      C: 丙
      D: 丁
    key: [B]
    rationale: 因为。
    source: 标准
"""


def places(content: FileContent) -> list[tuple[int, str]]:
    return [(one.line, one.field) for one in content.problems]


def test_a_right_file_is_read_with_its_lines() -> None:
    content = read_yaml(HEAD + ITEM, "f.yaml")
    assert content.problems == []
    [(item, line)] = content.items
    assert line == 8
    assert (item.id, item.row, item.author, item.reviewer, item.key) == ("X-1", "五", "a", "", ("B",))
    assert item.difficulty == Decimal("0.65")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("scheme: PTS152010301-01", "scheme: NONE", (1, "scheme")),
        ("level: junior", "level: expert", (2, "level")),
        ("level: junior", "level: 初级", (2, "level")),
        ("row: 五", "row: 百", (3, "row")),
        ("content: 客户服务技巧", "content: 客户营销技巧", (4, "content")),
        ("status: s", "satus: s", (5, "satus")),
        ("id: X-1", "id: X 1", (8, "id")),
        ("id: X-1", "ident: X-1", (8, "ident")),
        ("type: single", "type: riddle", (9, "type")),
        ("type: single", "type: truefalse", (13, "options")),
        ("type: single", "type: multiple", (18, "key")),
        ("type: single\n", "type: single\n    type: single\n", (10, "items.0.type")),
        ("point: 倾听", "point: [倾听]", (10, "point")),
        ("difficulty: 0.65", "difficulty: 1.2", (11, "difficulty")),
        ("difficulty: 0.65", "difficulty: .nan", (11, "items.0.difficulty")),
        ("difficulty: 0.65", "difficulty: hard", (11, "difficulty")),
        ("difficulty: 0.65", "difficulty: 0.12345", (11, "difficulty")),
        ("stem: 怎样做？", 'stem: ""', (12, "stem")),
        ("stem: 怎样做？", "stem: " + "长" * 2001, (12, "stem")),
        ("stem: 怎样做？", 'stem: "a\\0b"', (12, "stem")),
        ("      C: 丙\n", "", (13, "options")),
        ("A: 甲", "A: 乙", (14, "options.A")),
        ("B: 乙", "B: ''", (15, "options.B")),
        ("key: [B]", "key: [E]", (18, "key")),
        ("key: [B]", "key: [A, B]", (18, "key")),
        ("key: [B]", "key: []", (18, "key")),
        ("key: [B]", "key: {B: 1}", (18, "key")),
        ("    rationale: 因为。\n", "", (8, "rationale")),
        ("source: 标准", "source: 标准\n    enemies: X-2: 1", (21, "(file)")),
        ("source: 标准", "source: 标准\n    enemies: [X-1]", (21, "enemies")),
        ("source: 标准", "source: 标准\n    colour: red", (21, "colour")),
    ],
)
def test_a_fault_is_named_with_its_line_and_field(old: str, new: str, where: tuple[int, str]) -> None:
    text = HEAD + ITEM
    assert old in text
    content = read_yaml(text.replace(old, new, 1), "f.yaml")
    assert where in places(content)


def test_every_fault_of_every_item_is_named() -> None:
    second = ITEM.replace("X-1", "X-2").replace("key: [B]", "key: [Z]")
    content = read_yaml(HEAD.replace("客户服务技巧", "错") + ITEM.replace("0.65", "7") + second, "f.yaml")
    assert places(content) == [(11, "difficulty"), (4, "content"), (31, "key")]
    assert [problem.item for problem in content.problems] == ["X-1", "", "X-2"]


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "items: 5", "a: [1", "\t", "&a [*a]", "items: &x\n  - *x", "a: 1\na: 2", "[" * 5000, "items: [7]"],
)
def test_what_is_no_bank_file_is_refused(text: str) -> None:
    content = read_yaml(text, "f.yaml")
    assert content.items == []
    assert content.problems
    assert all(problem.line >= 1 and problem.message % problem.params for problem in content.problems)


def test_an_item_may_differ_from_the_head() -> None:
    own = ITEM + dedent("""\
        row: 六
        content: 客户营销技巧
        reviewer: 审题人
    """).replace("\n", "\n    ").rstrip(" ").join(["    ", ""])
    [(item, _)] = read_yaml(HEAD + own, "f.yaml").items
    assert (item.row, item.content, item.reviewer) == ("六", "客户营销技巧", "审题人")


SIGNS = "甲乙丙（）：；、。？“”‘’…—aZ09 ~-:#'\"[]{}&*!|>%@`,.?/\\<=_yYnN\n\u3000\u00a0\U00020000é"
words = st.text(st.sampled_from(SIGNS), min_size=1, max_size=30).map(str.strip).filter(bool)
words |= st.sampled_from(
    ["yes", "NO", "null", "~", "1.50", "0x1f", "2026-11-21", "12:30:00", "1_000", ".inf", "- a", "a: b", "# c"]
)
PLACES = [("一", "职业素养"), ("五", "客户服务技巧"), ("六", "客户营销技巧")]


@st.composite
def bank_items(draw: st.DrawFn) -> list[BankItem]:
    codes = draw(st.lists(st.from_regex(r"[A-Z][0-9]{1,3}", fullmatch=True), min_size=1, max_size=5, unique=True))
    return [_drawn(draw, code, [other for other in codes if other != code]) for code in codes]


def _drawn(draw: st.DrawFn, code: str, others: list[str]) -> BankItem:
    row, content = draw(st.sampled_from(PLACES))
    changes: dict[str, Any] = {
        "row": row, "content": content, "stem": draw(words), "point": draw(words), "rationale": draw(words),
        "source": draw(words), "author": draw(words | st.just("")), "status": draw(words | st.just("")),
        "difficulty": Decimal(draw(st.integers(1, 999))).scaleb(-3),
        "enemies": frozenset(draw(st.sets(st.sampled_from(others), max_size=2))) if others else frozenset(),
    }  # fmt: skip
    if draw(st.booleans()):
        return statement(code, draw(st.sampled_from("TF")), **changes)
    letters = "ABCDE"[: draw(st.integers(3, 5))]
    texts = draw(st.lists(words, min_size=len(letters), max_size=len(letters), unique=True))
    return bank_item(
        code, options=dict(zip(letters, texts, strict=True)), key=(draw(st.sampled_from(letters)),), **changes
    )


@given(bank_items())
def test_what_is_written_reads_back_the_same(items: list[BankItem]) -> None:
    content = read_yaml(write_yaml(items), "f.yaml")
    assert content.problems == []
    assert [item for item, _ in content.items] == sorted(items, key=lambda item: item.id)
