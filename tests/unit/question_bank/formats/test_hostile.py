"""Files meant to do harm, or only broken: one clear sentence each, little memory, and nothing of them taken in."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from question_bank.interchange import read_upload, write
from tests.factories.items import bank_item

MB = 2**20
Make = Callable[[], bytes]


def packed(files: dict[str, bytes | str], links: tuple[str, ...] = ()) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, content)
    return kept.getvalue()


def workbook(sheet: str = "", extra: dict[str, bytes | str] | None = None) -> bytes:
    """A workbook of ours with another sheet in the place of its first."""
    plain = write("excel", [bank_item("A")]).content
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    if sheet:
        files["xl/worksheets/sheet1.xml"] = sheet
    return packed(files | (extra or {}))


def sheet(rows: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def text(cell: str, words: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{words}</t></is></c>'


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><quiz><question type='essay'><name><text>&i;</text></name></question></quiz>"
)
OUTSIDE = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'
COMMENTED = '<!-- <quiz> --><?php ?><!DOCTYPE quiz SYSTEM "http://example.org/x.dtd"><quiz/>'
CHINESE = "第一题：客户来电时，座席应先做什么？\nA. 甲\nB. 乙\nC. 丙\nANSWER: B\n"
MANY_ROWS = sheet("".join(f'<row r="{row}"/>' for row in range(1, 1_000_001)))
FAR_CELL = sheet(f'<row r="1">{text("A1", "x")}</row><row r="1048576">{text("XFD1048576", "x")}</row>')
EMPTY_AREA = sheet(f'<row r="1">{text("A1", "x")}</row><row r="50000">{text("OJ50000", "x")}</row>')


def moved(path: str) -> bytes:
    """A workbook whose first sheet, with a cell far away, lies under another path."""
    with zipfile.ZipFile(io.BytesIO(workbook(FAR_CELL))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[path] = files.pop("xl/worksheets/sheet1.xml")
    rels = "xl/_rels/workbook.xml.rels"
    files[rels] = files[rels].replace(b"worksheets/sheet1.xml", path.removeprefix("xl/").encode())
    return packed(files)


def overlapping() -> bytes:
    """Two names in the directory for the same bytes."""
    whole = bytearray(packed({"a.xml": b"x" * 5000, "b.xml": b"y" * 5000}))
    first = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", first + 4)
    whole[second + 20 : second + 24] = struct.pack("<I", len(whole) * 3)
    return bytes(whole)


CASES: dict[str, tuple[str, Make, str]] = {
    "entities that multiply": ("a.xml", LAUGHS.encode, "DOCTYPE"),
    "an entity from outside": ("a.xml", OUTSIDE.encode, "DOCTYPE"),
    "a document type behind comments": ("a.xml", COMMENTED.encode, "DOCTYPE"),
    "a document type in UTF-16": ("a.xml", lambda: OUTSIDE.encode("utf-16"), "DOCTYPE"),
    "10 MB of nesting": ("a.xml", lambda: b"<quiz>" + b"<a>" * (10 * MB // 3), "XML"),
    "10 MB of nested brackets": ("a.yaml", lambda: b"items: " + b"[" * (10 * MB), "a.yaml"),
    "XML cut off": ("a.xml", lambda: b"<quiz><question type='essay'>", "XML"),
    "XML of something else": ("a.xml", lambda: b"<html/>", "assessmentItem"),
    "XML in GBK that says UTF-8": ("a.xml", lambda: f"<quiz>{CHINESE}</quiz>".encode("gbk"), "GBK"),
    "XML in an odd encoding": ("a.xml", lambda: b'<?xml version="1.0" encoding="utf-7"?><quiz/>', "utf-7"),
    "GIFT in GBK": ("a.gift", lambda: f"{CHINESE}{{=x}}".encode("gbk"), "GBK"),
    "Aiken in Big5": ("a.txt", lambda: CHINESE.replace("应先做什么", "要做何事").encode("big5", "ignore"), "UTF-8"),
    "YAML in GBK": ("a.yaml", lambda: f"# {CHINESE}".encode("gbk"), "GBK"),
    "NULs": ("a.gift", lambda: b"Question {=a}\n\x00\x00", "NUL"),
    "a picture with another name": ("a.xml", lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "damaged"),
    "a zip cut off": ("a.zip", lambda: packed({"imsmanifest.xml": b"<manifest/>" * 100})[:80], "cut off"),
    "an empty zip": ("a.zip", lambda: packed({}), "no bank file"),
    "a zip bomb": ("a.zip", lambda: packed({"bank.yaml": b"\x00" * (300 * MB // 10)}), "zip bomb"),
    "a zip of many zeros": ("a.zip", lambda: packed({f"{n}.yaml": b"0" * MB * 20 for n in range(2)}), "zip bomb"),
    "files over one another": ("a.zip", overlapping, "zip bomb"),
    "a path that climbs": ("a.zip", lambda: packed({"../../etc/x.yaml": b"items: []"}), "outside"),
    "a path from the root": ("a.zip", lambda: packed({"/etc/x.yaml": b"items: []"}), "outside"),
    "a path of another system": ("a.zip", lambda: packed({"..\\x.yaml": b"items: []"}), "outside"),
    "a path on a drive": ("a.zip", lambda: packed({"C:/x.yaml": b"items: []"}), "outside"),
    "a link": ("a.zip", lambda: packed({"x.yaml": b"/etc/passwd"}, links=("x.yaml",)), "link"),
    "a million rows": ("a.xlsx", lambda: workbook(MANY_ROWS), "rows"),
    "a cell far away": ("a.xlsx", lambda: workbook(FAR_CELL), "rows"),
    "macros under another name": ("a.xlsx", lambda: workbook(extra={"xl/vbaProject.bin": b"x"}), "macros"),
    "an old workbook": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, ".xlsx"),
    "no workbook at all": ("a.xlsx", lambda: packed({"x.txt": b"x"}), ".xlsx"),
    "a sheet in another folder": ("a.xlsx", lambda: moved("xl/sheets/a.xml"), "rows"),
    "a sheet in capital letters": ("a.xlsx", lambda: moved("xl/Worksheets/SHEET1.XML"), "rows"),
    "cells that say no place": ("a.xlsx", lambda: workbook(sheet(f"<row>{'<c><v>1</v></c>' * 2000}</row>")), "columns"),
    "rows that say no number": ("a.xlsx", lambda: workbook(sheet("<row/>" * 60_000)), "rows"),
    "a sheet of nothing": ("a.xlsx", lambda: workbook(EMPTY_AREA), "too far"),
    "GIFT in UTF-16 without a mark": ("a.gift", lambda: f"{CHINESE}{{=x}}".encode("utf-16-le"), "UTF-16"),
    "a workbook cut off": ("a.xlsx", lambda: workbook()[:-200], "cut off"),
    "a workbook that is a text": ("a.xlsx", lambda: b"id,stem\n1,2\n", "no Excel workbook"),
    "a workbook without headings": ("a.xlsx", lambda: workbook(sheet(f'<row r="1">{text("A1", "x")}</row>')), "Stem"),
    "a workbook with entities": (
        "a.xlsx",
        lambda: workbook(extra={"xl/workbook.xml": LAUGHS}),
        "DOCTYPE",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_words_and_in_bounds(case: str) -> None:
    name, make, word = CASES[case]
    content = make()
    tracemalloc.start()
    try:
        found = read_upload(name, content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.items == ()
    [problem, *_] = found.problems
    assert problem.file.startswith(name)
    assert problem.line >= 1
    assert word in problem.message % problem.params or word in problem.file
    assert most < 150 * MB


def test_a_formula_is_named_with_its_cell_and_never_reckoned() -> None:
    cells = {"A": "题号", "B": "题型", "C": "题干", "D": "答案"}
    head = "".join(text(f"{column}1", name) for column, name in cells.items())
    row = f'{text("A2", "X-1")}{text("B2", "判断题")}<c r="C2"><f>1+1</f><v>2</v></c>{text("D2", "正确")}'
    found = read_upload("a.xlsx", workbook(sheet(f'<row r="1">{head}</row><row r="2">{row}</row>')))
    [problem] = [one for one in found.problems if "formula" in one.message]
    assert (problem.line, problem.column, problem.field) == (2, "C", "stem")
    assert found.items == ()


def test_one_broken_file_of_a_package_is_named() -> None:
    good = write("yaml", [bank_item("A")]).content
    found = read_upload("a.zip", packed({"one.yaml": good, "two.yaml": b"items: ["}))
    assert [problem.file for problem in found.problems] == ["a.zip/two.yaml"]


def test_gb2312_is_read_where_it_is_declared() -> None:
    question = '<question type="truefalse"><name><text>q1</text></name><questiontext><text>对吗</text></questiontext>'
    body = f'<?xml version="1.0" encoding="GB2312"?><quiz>{question}</question></quiz>'
    assert read_upload("a.xml", body.encode("gbk")).items[0].item.stem == "对吗"
