"""The admission ticket says everything that is needed on the day, whatever the names are made of."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.papers.ticket import TicketFace, draw

FACE = TicketFace(
    holder_name="欧阳娜娜", identity="3301**********1234", photo=None, exam="呼叫联络客服水平评价 初级 · 理论知识考试",
    time="2026-12-05 09:00 – 11:30", site="杭州考试中心 望江东路 332 号", place="03 / 27", number="0001 2342",
    code="K7QM-WX4D-9HTA", issuer_name="评价中心", login_url="https://exam.example.org/admission", minutes=120,
    late_minutes=30, hours_before=2,
)  # fmt: skip


def text(content: bytes, page: int = 0) -> str:
    return "".join(PdfReader(BytesIO(content)).pages[page].extract_text().split())


def test_it_says_who_when_where_and_how_to_log_in() -> None:
    said = text(draw([FACE], "准考证"))
    parts = (
        "欧阳娜娜", "3301**********1234", "初级", "2026-12-0509:00–11:30", "杭州考试中心", "03/27", "00012342",
        "K7QM-WX4D-9HTA", "https://exam.example.org/admission", "120分钟", "30分钟后停止入场", "开考前2小时",
    )  # fmt: skip
    for part in parts:
        assert part in said


def test_two_stand_on_a_sheet() -> None:
    faces = [replace(FACE, holder_name=name) for name in ("甲一", "乙二", "丙三")]
    content = draw(faces, "准考证")
    assert len(PdfReader(BytesIO(content)).pages) == 2
    assert "甲一" in text(content)
    assert "乙二" in text(content)
    assert "丙三" in text(content, 1)


@pytest.mark.parametrize(
    "name", ["Muhammad Abdurrahman Al-Khwarizmi 穆罕默德", "李𬭊", "<b>王&amp;</b>", "阿" * 40, "Erdoğan"]
)
def test_names_of_every_kind_fit(name: str) -> None:
    assert "".join(name.split()) in text(draw([replace(FACE, holder_name=name)], "准考证"))


def test_no_list_fails_for_one_character_that_no_font_has() -> None:
    assert "[U+1F600]" in text(draw([replace(FACE, site="考点 \U0001f600")], "准考证"))


def test_the_same_ticket_is_the_same_bytes() -> None:
    assert draw([FACE], "准考证") == draw([FACE], "准考证")
