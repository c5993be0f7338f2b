"""What stands in the cells of a workbook, as the values an item has; and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from app.core.errors import N_
from question_bank.bank_item import EXAM, PRACTICE
from question_bank.item_types.fill import BETWEEN_FORMS

TYPES = {
    "truefalse": "判断题",
    "single": "单项选择题",
    "multiple": "多项选择题",
    "fill": "填空题",
    "ordering": "排序题",
    "matching": "匹配题",
    "open": "简答题",
}
_TYPE_NAMES = {
    **{name: code for code, name in TYPES.items()},
    **{code: code for code in TYPES},
    "判断": "truefalse", "是非题": "truefalse", "true/false": "truefalse",
    "单选题": "single", "单选": "single", "single choice": "single", "选择题": "single",
    "多选题": "multiple", "多选": "multiple", "multiple choice": "multiple", "不定项选择题": "multiple",
    "填空": "fill", "fill-in": "fill", "排序": "ordering",
    "匹配": "matching", "连线题": "matching", "配对题": "matching", "matching": "matching", "ordering": "ordering",
    "问答题": "open", "论述题": "open", "案例分析题": "open", "简答": "open", "open answer": "open", "主观题": "open",
}  # fmt: skip
TRUE = frozenset({"t", "true", "对", "正确", "是", "√", "✓", "v", "y", "yes", "1"})
FALSE = frozenset({"f", "false", "错", "错误", "否", "×", "✗", "x", "n", "no", "0"})
FOR_PRACTICE = "练习"
_USES = {FOR_PRACTICE: PRACTICE, "练习题": PRACTICE, PRACTICE: PRACTICE, "考试": EXAM, "考试题": EXAM, EXAM: EXAM}
_PAIR = re.compile(r"([1-9])\s*[-—–:→>]*\s*([A-Za-z])")
_BETWEEN = re.compile(r"[\s,;、/|→>-]+")


class CellProblem(Exception):
    """A cell that is no value for its field; `message` is a msgid."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params


def words(cell: Any) -> str:
    """Any cell as text: whole numbers without a point, line ends as ours."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, str | int):
        return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    raise CellProblem(N_("The spreadsheet made a date or time of this cell; format it as text and write it again."))


def value(name: str, cell: Any) -> Any:
    """The cell as the field's value, by the field's name; anything odd goes on as text and is judged there."""
    text = words(cell)
    if name == "type":
        return _TYPE_NAMES.get(text.casefold(), text)
    if name in ("difficulty", "seconds", "plays") or name.endswith(".points"):
        return number(text)
    if name == "case":
        return True if text.casefold() in TRUE else False if text.casefold() in FALSE else text
    if name == "use":
        return _USES.get(text.casefold(), text)
    if name == "enemies":
        return [one for one in re.split(r"[\s,，;；、]+", text) if one]
    return text


def number(text: str) -> Any:
    plain = normalize("NFKC", text).strip()
    share = plain.endswith("%")
    try:
        found = Decimal(plain.rstrip("%"))
    except InvalidOperation:
        return text
    found = found / 100 if share else found
    if not found.is_finite() or abs(found) > 10**9:
        return text
    return int(found) if found == found.to_integral_value() else found


def key(kind: str, text: str) -> Any:
    """The key as people write it: 对, B, ACD, A、C, 1-B 2-A, one line for each gap."""
    if kind == "fill":
        return [line.strip() for line in text.split("\n") if line.strip()]
    plain = normalize("NFKC", text).strip()
    if kind == "truefalse":
        word = plain.casefold()
        return ["T"] if word in TRUE else ["F"] if word in FALSE else [plain]
    if kind == "matching":
        pairs = [f"{one}-{other.upper()}" for one, other in _PAIR.findall(plain)]
        return pairs if pairs and not _BETWEEN.sub("", _PAIR.sub("", plain)) else [plain]
    letters = _BETWEEN.sub("", plain).upper()
    return list(letters) if letters.isascii() and letters.isalpha() else [plain]


def key_words(kind: str, entries: list[str]) -> str:
    if kind == "truefalse":
        return {"T": "正确", "F": "错误"}.get(entries[0], entries[0]) if entries else ""
    if kind == "fill":
        return "\n".join(" ".join(entry.split("\n")) for entry in entries)
    return ", ".join(entries) if kind == "matching" else "".join(entries)


def gathered(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of one item from the cells of its row, numbered columns brought together."""
    given: dict[str, Any] = {}
    criteria: dict[int, dict[str, Any]] = {}
    for name, found in cells.items():
        head, _, rest = name.partition(".")
        if head in ("options", "feedback"):
            given.setdefault(head, {})[rest] = found
        elif head == "criteria":
            place, _, part = rest.partition(".")
            criteria.setdefault(int(place), {})[part] = found
        else:
            given[name] = found
    if criteria:
        given["criteria"] = [criteria[place] for place in sorted(criteria)]
    for head in ("options", "feedback"):
        if head in given:
            given[head] = dict(sorted(given[head].items()))
    if isinstance(given.get("key"), str):
        given["key"] = key(str(given.get("type", "")), given["key"])
    return given


def one_line_keys(entries: list[str]) -> bool:
    """Whether every gap's forms can stand on a line of their own."""
    return not any("\n" in entry or not entry.strip(f"{BETWEEN_FORMS} ") for entry in entries)
