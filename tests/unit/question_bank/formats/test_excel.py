import io
import zipfile
from datetime import date
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from question_bank.file_problems import FileProblem
from question_bank.formats.excel_corrected import corrected
from question_bank.formats.excel_reading import EXAMPLE
from question_bank.formats.excel_template import template
from question_bank.formats.values import Defaults
from question_bank.interchange import missing, read_upload, write
from question_bank.item_types import ITEM_TYPES
from tests.factories.items import bank_item

PLACE = Defaults("PTS152010301-01", "初级", "五", "客户服务技巧")
HEAD = ["题号*", "题型", "题 干", "选项A", "选项B", "选项 C", "正确答案", "解析（必填）", "来源", "知识点", "难度"]
RIGHT = ["X-1", "单选题", "先做什么？", "甲", "乙", "丙", "B", "因为。", "标准", "应答", 0.65]


def book(*rows: list[Any]) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("一月")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                else:
                    sheet.write(row, column, cell)
    return kept.getvalue()


def cells(content: bytes) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as read:
        return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def test_headings_may_stand_anywhere_and_be_called_many_things() -> None:
    found = read_upload("a.xlsx", book(["一月新题"], HEAD, RIGHT, ["", ""]), PLACE)
    assert found.problems == ()
    [one] = found.items
    assert (one.item.type, one.item.level, one.item.key, one.line) == ("single", "junior", ("B",), 3)


def test_keys_are_taken_as_people_write_them() -> None:
    kinds = [
        ("判断", "√", ("T",)),
        ("判断题", "错", ("F",)),
        ("多选题", "A、C", ("A", "C")),
        ("排序题", "cab", ("C", "A", "B")),
    ]
    rows = [[f"X-{n}", kind, *RIGHT[2:6], key, *RIGHT[7:]] for n, (kind, key, _) in enumerate(kinds)]
    for row in rows[:2]:
        row[3:6] = ["", "", ""]
    found = read_upload("a.xlsx", book(HEAD, *rows), PLACE)
    assert found.problems == ()
    assert [one.item.key for one in found.items] == [key for *_, key in kinds]


def test_a_fault_is_named_by_sheet_row_and_column() -> None:
    wrong = ["X 2", "谜语", "", "甲", "甲", "丙", "E", "因为。", "标准", "应答", "很难"]
    dated = [*RIGHT[:3], date(2026, 3, 1), *RIGHT[4:]]
    dated[0] = "X-3"
    found = read_upload("a.xlsx", book(HEAD, RIGHT, wrong, dated), PLACE)
    places = {(one.sheet, one.line, one.column, one.field) for one in found.problems}
    assert {("一月", 3, "A", "id"), ("一月", 3, "B", "type"), ("一月", 3, "K", "difficulty")} <= places
    assert ("一月", 4, "D", "options.A") in places


def test_an_unknown_column_is_told() -> None:
    found = read_upload("a.xlsx", book([*HEAD, "备注"], [*RIGHT, "?"]), PLACE)
    assert len(found.items) == 1
    assert [loss.field for loss in found.losses] == ["备注"]


def test_what_looks_like_a_formula_is_written_as_text() -> None:
    odd = bank_item("A", stem="=HYPERLINK(1)", rationale="+1", source="@x", options={"A": "-1", "B": "乙", "C": "丙"})
    written = write("excel", [odd])
    assert read_upload(written.name, written.content).items[0].item == odd
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_corrected_copy_keeps_all_cells_and_marks_the_wrong_ones() -> None:
    wrong = [*RIGHT[:6], "E", *RIGHT[7:]]
    content = book(HEAD, RIGHT, wrong, ["X-3"])
    found = read_upload("a.xlsx", content, PLACE)
    elsewhere = FileProblem("a.xlsx", 1, "elsewhere")
    again = corrected(
        content,
        [*found.problems, *missing(found.items), elsewhere],
        lambda one: one.message % one.params,
        heading="其他",
    )
    assert cells(again)["一月"][:3] == cells(content)["一月"][:3]
    assert cells(again)["其他"] == [["elsewhere"]]
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert 'ref="G3"' in comments


def test_the_template_has_an_example_of_every_type_and_imports_as_nothing() -> None:
    content = template()
    items = cells(content)["试题 Items"]
    assert len([row for row in items if str(row[0]).startswith(EXAMPLE)]) == len(ITEM_TYPES)
    found = read_upload("t.xlsx", content)
    assert (found.items, found.problems, found.losses) == ((), (), ())


def test_the_examples_of_the_template_are_right_items() -> None:
    rows = cells(template())
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False}) as workbook:
        for name, lines in rows.items():
            sheet = workbook.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write(row, column, cell.replace(EXAMPLE, "EX-") if isinstance(cell, str) else cell)
    found = read_upload("t.xlsx", kept.getvalue())
    assert found.problems == ()
    assert {one.item.type for one in found.items} == set(ITEM_TYPES)
