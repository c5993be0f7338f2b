"""The columns of the workbook: their names in both languages, and the names others give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase
from unicodedata import normalize

from question_bank.item_shape import MOST_CRITERIA

ITEM_SHEET = "试题 Items"
STIMULUS_SHEET = "共用材料 Stimuli"
HELP_SHEET = "填写说明 Help"
FIGURES = "123456789"


@dataclass(frozen=True)
class Column:
    field: str
    chinese: str
    english: str
    wide: int = 12
    others: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        return f"{self.chinese}\n{self.english}"


FRONT = (
    Column("id", "题号", "Code", 14, ("编号", "试题编号", "id", "item", "item id")),
    Column("scheme", "评价标准", "Scheme", 18, ("标准", "标准编号")),
    Column("level", "等级", "Level", 10, ("级别",)),
    Column("row", "项目", "Row", 8, ("鉴定范围", "理论项目", "项目编号")),
    Column("content", "工作内容", "Work content", 18, ("内容",)),
    Column("type", "题型", "Type", 12, ("试题类型", "类型", "question type")),
    Column("point", "知识点", "Knowledge point", 16, ("考点", "point")),
    Column("difficulty", "预估难度", "Difficulty", 10, ("难度", "难度系数")),
    Column("seconds", "预计用时（秒）", "Seconds", 10, ("用时", "预计用时", "答题时间")),
    Column("case", "案例题", "Case", 8, ("是否案例",)),
    Column("stimulus", "共用材料", "Stimulus", 12, ("材料编号", "材料")),
    Column("stem", "题干", "Stem", 50, ("题目", "试题", "试题内容", "题目内容", "question", "question text")),
)
MIDDLE = (Column("key", "答案", "Key", 14, ("正确答案", "标准答案", "参考答案", "answer", "correct answer")),)
REASON = (Column("rationale", "答案解析", "Rationale", 40, ("解析", "试题解析", "explanation", "答案说明")),)
BACK = (
    Column("source", "命题依据", "Source", 30, ("出处", "来源", "依据", "reference")),
    Column("enemies", "互斥题", "Enemies", 16, ("互斥试题",)),
    Column("author", "命题员", "Author", 12, ("命题人", "作者", "出题人")),
    Column("reviewer", "审题员", "Reviewer", 12, ("审题人", "复核人")),
    Column("status", "状态", "Status", 16),
    Column("use", "用途", "Use", 8, ("试题用途",)),
)
STIMULUS_COLUMNS = (
    Column("id", "材料编号", "Code", 16, ("编号", "id", "共用材料")),
    Column("title", "标题", "Title", 24, ("材料标题",)),
    Column("text", "正文", "Text", 80, ("材料正文", "材料内容")),
    Column("audio", "录音文件", "Audio", 24, ("音频", "录音")),
    Column("plays", "可听次数", "Plays", 10, ("播放次数",)),
)


def option(letter: str) -> Column:
    if letter.isdecimal():
        return Column(f"options.{letter}", f"左项{letter}", f"Entry {letter}", 24, (f"左{letter}", f"左列{letter}"))
    return Column(
        f"options.{letter}", f"选项{letter}", f"Option {letter}", 24, (letter, f"{letter}选项", f"选项 {letter}")
    )


def feedback(letter: str) -> Column:
    return Column(f"feedback.{letter}", f"错因{letter}", f"Feedback {letter}", 24, (f"反馈{letter}",))


def criterion(number: int) -> tuple[Column, Column]:
    return (
        Column(f"criteria.{number}.text", f"评分点{number}", f"Criterion {number}", 24),
        Column(f"criteria.{number}.points", f"分值{number}", f"Points {number}", 8),
    )


def columns(letters: str, figures: str, reasons: str, criteria: int) -> tuple[Column, ...]:
    """As many columns as these options, entries, feedbacks and criteria need."""
    shown = tuple(option(one) for one in (*figures, *letters))
    sheets = tuple(column for number in range(1, criteria + 1) for column in criterion(number))
    return (*FRONT, *shown, *MIDDLE, *REASON, *(feedback(one) for one in reasons), *sheets, *BACK)


def plain(name: object) -> str:
    """A heading as it is looked up: widths, case, blanks, stars and what stands in brackets make no difference."""
    words = normalize("NFKC", str(name)).partition("\n")[0]
    return re.sub(r"\(.*?\)|[\s*:]", "", words).casefold()


def _names() -> dict[str, str]:
    known: dict[str, str] = {}
    for column in columns(ascii_uppercase, FIGURES, ascii_uppercase + FIGURES, MOST_CRITERIA):
        for name in (column.chinese, column.english, column.field, column.head, *column.others):
            known.setdefault(plain(name), column.field)
    return known


ITEM_HEADINGS = _names()
STIMULUS_HEADINGS = {
    plain(name): column.field
    for column in STIMULUS_COLUMNS
    for name in (column.chinese, column.english, column.field, *column.others)
}


def letters_of(number: int) -> str:
    """The name of a sheet's column, the first being 0."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = ascii_uppercase[rest] + name
    return name
