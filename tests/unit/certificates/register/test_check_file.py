"""Lists of certificates as employers keep them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from certificates.register.batch_check import MOST, Question
from certificates.register.check_file import questions_of
from question_bank.formats.excel_book import new_book

A, B = Question("301011-2026-7K3M-9QXT7", "王小明"), Question("301011-2026-AAAA-AAAAA", "李红")


def workbook(rows: list[list[str]]) -> bytes:
    with new_book() as (book, content):
        sheet = book.sheet("Sheet1")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                book.put(sheet, row, column, cell)
    return content()


@pytest.mark.parametrize(
    "content",
    [
        f"{A.serial},{A.name}\n{B.serial},{B.name}\n".encode(),
        f"证书编号,姓名\r\n{A.serial},{A.name}\r\n\r\n{B.serial},{B.name}".encode("utf-8-sig"),
        f"序号;姓名;部门;证书编号\n1;{A.name};客服;{A.serial}\n2;{B.name};;{B.serial}\n".encode("gb18030"),
        f"名单 2026\t\t\nName\tSerial\t\n{A.name}\t{A.serial}\n{B.name}\t{B.serial}".encode(),
        f"{A.serial}，{A.name}\n{B.serial}，{B.name}".encode(),
        workbook([["姓名", "证书编号"], [A.name, A.serial], ["", ""], [B.name, B.serial]]),
        workbook([[A.serial, A.name], [B.serial, B.name]]),
    ],
)
def test_numbers_and_names_are_found(content: bytes) -> None:
    assert questions_of(content) == [A, B]


def test_numbers_alone() -> None:
    assert questions_of(f"{A.serial}\n{B.serial}".encode()) == [Question(A.serial), Question(B.serial)]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"%PDF-1.7\x00\xff", b"\xff\xfe\x00\x00"])
def test_other_files_are_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        questions_of(content)
    assert refused.value.code == "check_file_unreadable"


def test_a_list_too_long_is_refused_before_it_is_counted() -> None:
    with pytest.raises(Refusal, match=str(MOST)):
        questions_of("\n".join([A.serial] * (MOST + 1)).encode())


@given(st.binary(max_size=400))
def test_any_bytes_give_questions_or_a_refusal(content: bytes) -> None:
    try:
        found = questions_of(content)
    except Refusal:
        return
    assert all(one.serial for one in found)
