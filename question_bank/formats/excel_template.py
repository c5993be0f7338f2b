"""The empty workbook authors start from: headings in both languages, lists to choose from, an example of every type."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.schemes.scheme import Level, Scheme, schemes
from question_bank.bank_item import BankItem
from question_bank.formats.excel_book import Book, Sheet, new_book
from question_bank.formats.excel_cells import FOR_PRACTICE, TYPES
from question_bank.formats.excel_columns import HELP_SHEET, ITEM_SHEET, STIMULUS_SHEET, Column, columns
from question_bank.formats.excel_guard import MOST_ROWS
from question_bank.formats.excel_reading import EXAMPLE
from question_bank.formats.excel_writing import OPTIONS, put_head, put_items, put_stimuli
from question_bank.item_types import Criterion
from question_bank.stimuli import Stimulus

LIST_SHEET = "可选值 Lists"
_VALID_ROWS = 5000
_ABOUT = {
    "id": "每题唯一；字母、数字、点和连字符，如 J5-JQ-001。 Letters, figures, dots, hyphens; each item its own.",
    "scheme": "评价标准的编号。 The scheme's code.",
    "level": "等级，可选。 Choose from the list.",
    "row": "理论知识鉴定比重表的项目，如 五。 The row of the weights table.",
    "content": "该项目下的工作内容。 A work content of the row.",
    "type": "题型，可选。 Choose from the list.",
    "difficulty": "预计答对比例，0 与 1 之间，如 0.65。 Expected share of right answers.",
    "seconds": "预计作答秒数，1–3600 的整数。 Whole seconds.",
    "case": "案例题填“是”，否则留空。 是 for a case, else empty.",
    "stimulus": "“共用材料”表中的编号。 A code of the sheet of stimuli.",
    "stem": "题干。**加粗**、![说明](图片文件名)、竖线表格均可；填空处写四个下划线 ____。 "
    "Pictures lie beside the workbook.",
    "key": "判断：正确/错误；单选：B；多选：ACD；排序：正确次序 CABD；匹配：1-B, 2-A；"
    "填空：每空一行，多种写法用 | 隔开；简答不填。 One line for each gap; forms set apart by |.",
    "rationale": "为什么对、其余为什么错。 Why the key is right and the others wrong.",
    "source": "依据的标准条款、法规或教材。 The standard, law or book it rests on.",
    "enemies": "不能同卷的题号，空格隔开。 Codes that may not share a paper.",
    "use": "只供练习、任何人都能看到、绝不进入正式试卷的题填“练习”，否则留空。 "
    "练习 for an item to practise with, never on a real paper; else empty.",
    "criteria.1.text": "简答题的评分点及分值，可继续加列“评分点4、分值4”……至 20。 Criteria of open answers.",
    "feedback.A": "该选项错在哪里（可不填）。 Why this option is wrong; may stay empty.",
}


def template() -> bytes:
    """Over all schemes there are; the examples take the first one's first drawable place."""
    shown = columns(OPTIONS, "123", OPTIONS[:4], 3)
    with new_book() as (book, finished):
        sheet = book.sheet(ITEM_SHEET)
        first = next(iter(schemes().values()))
        put_items(book, sheet, _examples(first, first.levels[0]), shown)
        stimuli = book.sheet(STIMULUS_SHEET)
        put_stimuli(book, stimuli, [_STIMULUS])
        lists = _put_lists(book)
        _offer(sheet, shown, lists)
        _put_help(book, book.sheet(HELP_SHEET), shown)
    return finished()


def _put_lists(book: Book) -> dict[str, str]:
    """Field → the range of its values, for the sheet's own checks."""
    known = schemes().values()
    values = {
        "type": list(TYPES.values()),
        "scheme": [one.code for one in known],
        "level": list(dict.fromkeys(level.name for one in known for level in one.levels)),
        "row": list(dict.fromkeys(row.no for one in known for level in one.levels for row in level.theory.rows)),
        "content": list(
            dict.fromkeys(
                content
                for one in known
                for level in one.levels
                for row in level.theory.rows
                for content in row.contents
            )
        ),
        "case": ["是", "否"],
        "use": ["考试", FOR_PRACTICE],
    }
    sheet = book.sheet(LIST_SHEET)
    ranges = {}
    for column, (name, listed) in enumerate(values.items()):
        for row, one in enumerate(listed):
            book.put(sheet, row, column, one)
        letter = chr(ord("A") + column)
        ranges[name] = f"='{LIST_SHEET}'!${letter}$1:${letter}${len(listed)}"
    sheet.hide()
    return ranges


def _offer(sheet: Sheet, shown: Sequence[Column], lists: dict[str, str]) -> None:
    last = min(_VALID_ROWS, MOST_ROWS - 1)
    for place, column in enumerate(shown):
        if column.field in lists:
            sheet.data_validation(1, place, last, place, {"validate": "list", "source": lists[column.field]})
    for place, column in enumerate(shown):
        if column.field == "difficulty":
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0.001, "maximum": 0.999}
            sheet.data_validation(1, place, last, place, rule)
        elif column.field == "seconds":
            rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 3600}
            sheet.data_validation(1, place, last, place, rule)


def _put_help(book: Book, sheet: Sheet, shown: Sequence[Column]) -> None:
    put_head(book, sheet, (Column("", "栏目", "Column", 24), Column("", "怎样填写", "How to fill it in", 110)))
    lines = [(column.head.replace("\n", " "), _ABOUT[column.field]) for column in shown if column.field in _ABOUT]
    lines.append(
        (
            "共用材料 Stimuli",
            "案例或录音：编号、标题、正文、录音文件名、可听次数。 A case or a recording that items share.",
        )
    )
    lines.append(("示例 Examples", f"题号以“{EXAMPLE}”开头的行不会导入。 Rows whose code begins so are not imported."))
    for row, (name, text) in enumerate(lines, 1):
        book.put(sheet, row, 0, name)
        book.put(sheet, row, 1, text)


_STIMULUS = Stimulus(
    f"{EXAMPLE}C-001", "客户来电记录", "客户来电称：上午下单，下午仍未收到确认短信。\n系统显示订单已付款。"
)


def _examples(scheme: Scheme, level: Level) -> list[BankItem]:
    row = level.theory.rows[0]

    def one(number: int, kind: str, stem: str, key: tuple[str, ...], **more: object) -> BankItem:
        fields: dict[str, object] = {
            "id": f"{EXAMPLE}{number}", "scheme": scheme.code, "level": level.name, "row": row.no,
            "content": row.contents[0], "type": kind, "point": "示例", "difficulty": Decimal("0.65"), "stem": stem,
            "key": key, "rationale": "说明答案为什么对，其余选项为什么错。", "source": "标准条款或教材页码", **more,
        }  # fmt: skip
        return BankItem(**fields)  # type: ignore[arg-type]

    four = {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}
    return [
        one(1, "truefalse", "接听电话时应先报出单位名称。", ("T",)),
        one(2, "single", "接通后座席最先应做什么？", ("B",), options=four, feedback={"A": "甲为什么不对。"}),
        one(3, "multiple", "下列哪些属于礼貌用语？", ("A", "C"), options=four),
        one(4, "fill", "全国消费者投诉热线是____。", ("12315|一二三一五",)),
        one(5, "ordering", "请排出处理投诉的次序。", ("B", "A", "C"), options={"A": "核实", "B": "倾听", "C": "答复"}),
        one(6, "matching", "请将名称与含义对应。", ("1-B", "2-A"),
            options={"1": "AHT", "2": "FCR", "A": "首次解决率", "B": "平均处理时长"}),
        one(7, "open", "请写出给该客户的答复。", (), stimulus=_STIMULUS, case=True,
            criteria=(Criterion("致歉并说明原因", Decimal(2)), Criterion("给出办法和时限", Decimal(3)))),
    ]  # fmt: skip
