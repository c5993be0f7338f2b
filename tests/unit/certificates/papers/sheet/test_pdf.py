"""The printed sheet: every criterion with its boxes, names as typed, the same bytes from the same values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader

from certificates.papers.sheet.pdf import SheetFace, draw
from tests.factories.sheet_forms import RUBRIC

EMPTY = SheetFace("呼叫联络客服水平评价", "初级 Junior", "第 1 版 Version 1", RUBRIC)
FILLED = replace(
    EMPTY, session="12", seat="3", candidate="李<b>𬭊</b>\u202e", place="第一考评员 First examiner", rater="王敏",
    awarded={criterion.id: criterion.points for criterion in RUBRIC.criteria} | {"D01": Decimal(2)},
    notes={"J01": "(很好) \\ <i>"}, signed_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
)  # fmt: skip


def text_of(*faces: SheetFace) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(draw(faces))).pages)


def test_an_empty_sheet_names_every_criterion_and_ticks_nothing() -> None:
    text = text_of(EMPTY)
    assert all(criterion.id in text for criterion in RUBRIC.criteria)
    assert text.count("□") == sum(len(criterion.descriptors) for criterion in RUBRIC.criteria)
    assert "■" not in text
    assert "无故缺席" in text


def test_a_filled_sheet_ticks_one_band_each_and_shows_names_as_they_are() -> None:
    text = text_of(FILLED)
    assert text.count("■") == len(RUBRIC.criteria)
    assert "李<b>𬭊</b>[U+202E]" in text
    assert "(很好) \\ <i>" in text
    assert "98" in text
    assert "2026-11-22 11:00:00" in text


def test_the_same_values_give_the_same_bytes() -> None:
    assert draw([FILLED, EMPTY]) == draw([FILLED, EMPTY])
    assert len(PdfReader(BytesIO(draw([FILLED, EMPTY]))).pages) > len(PdfReader(BytesIO(draw([EMPTY]))).pages)
