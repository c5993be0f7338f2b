"""The document of a room's record: everything in it, whatever people typed, on as many pages as it takes."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from certificates.drawing.typefaces import drawable
from certificates.papers.record.layout import Flow
from certificates.papers.record.pdf import RecordFace, draw

ZONE = ZoneInfo("Asia/Shanghai")
DIGEST = "ab" * 32


def at(hour: int, minute: int = 0) -> str:
    return datetime(2026, 11, 21, hour, minute, tzinfo=UTC).isoformat()


def content(**more: Any) -> dict[str, Any]:
    return {
        "form": 1, "session": 12, "demonstration": False, "scheme": "PTS152010301-01",
        "scheme_name": ["呼叫联络客服水平评价", "Call and Contact Customer Service"], "level": ["初级", "Junior"],
        "site": "第一考点", "address": "", "room": "03", "seats": [61, 90], "planned": [at(1), at(3)], "minutes": 120,
        "opened": at(1, 2), "first_start": at(1, 3), "ended": at(3, 5),
        "candidates": {"expected": 30, "present": 28, "late": [[70, "李𬭊"]], "absent": [[72, "王五"]], "doubtful": [],
                       "different": [], "unchecked": [[74, "孙八", True]]},
        "papers": {"drawn": 30, "snapshot": "c" * 64}, "closing": {"submitted": 20, "deadline": 8, "unused": 2},
        "staff": {"ratio": 30, "need": 1, "people": [[1, "王监考", at(0, 40), None], [2, "李监考", at(1), at(2)]],
                  "breaches": [[at(2), at(2, 10), 0]]},
        "interventions": [], "messages": [], "incidents": [], "silences": [], "outages": [], "remarks": [], **more,
    }  # fmt: skip


def face(values: dict[str, Any], **more: Any) -> RecordFace:
    return RecordFace(values, 1, DIGEST, ZONE, **more)


def read(pdf: bytes, folder: Path) -> str:
    """As another program reads it, where it is installed."""
    if shutil.which("pdftotext") is None:
        return text_of(pdf)
    kept = folder / "record.pdf"
    kept.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-raw", str(kept), "-"], capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_what_a_reader_needs_is_on_the_page(tmp_path: Path) -> None:
    signed = datetime(2026, 11, 21, 3, 20, 5, tzinfo=UTC)
    pdf = draw(face(content(), signatures=[("王监考", signed)], missing=["李监考"]))
    told = read(pdf, tmp_path)
    for words in ("考场情况记录表", "李𬭊", "2026-11-2111:20:05", DIGEST, "61-90", "0/1", "未签", "待签：李监考"):
        assert words in told, words
    assert pdf == draw(face(content(), signatures=[("王监考", signed)], missing=["李监考"]))


def test_nobody_takes_a_draft_for_a_signed_record() -> None:
    assert "草稿" in text_of(draw(face(content(), missing=["王监考"])))
    signed = draw(face(content(), signatures=[("王监考", datetime(2026, 11, 21, tzinfo=UTC))]))
    assert "草稿" not in text_of(signed)
    assert "待签" not in text_of(signed)


def test_while_the_room_runs_nobody_reads_that_no_proctor_was_there() -> None:
    nobody = {**content()["staff"], "people": [], "breaches": []}
    running = text_of(draw(face(content(staff=nobody, ended=None))))
    assert "考场结束后列出" in running
    assert "考场结束后列出" not in text_of(draw(face(content(staff=nobody))))


def test_markup_is_text_and_a_character_without_a_font_is_named() -> None:
    incident = {
        "number": 1, "at": at(2), "recorded": at(2, 5), "seat": 66, "name": "周九", "category": "phone",
        "severity": "serious", "position": None, "by": "王监考", "witness": "", "resolution": None,
        "evidence": [["<phone>.jpg", DIGEST]], "description": "<b>响铃</b> & 😀\x07\n第二行",
    }  # fmt: skip
    told = text_of(draw(face(content(incidents=[incident]))))
    assert "<b>响铃</b>&[U+1F600][U+0007]" in told
    assert "第二行" in told
    assert "尚无第二名监考人员见证" in told
    assert drawable("é 王") == "é 王"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=3000), max_size=12))
def test_whatever_was_typed_is_set_within_the_page(texts: list[str]) -> None:
    remarks = [[at(2), "王监考", text] for text in texts]
    pages = PdfReader(BytesIO(draw(face(content(remarks=remarks))))).pages
    assert len(pages) >= 2
    assert f"共{len(pages)}页" in "".join(pages[-1].extract_text().split())


@given(st.integers(0, 60), st.text("考场", min_size=1, max_size=400))
@settings(max_examples=40, deadline=None)
def test_no_heading_stands_alone_at_the_foot_of_a_page(rows: int, words: str) -> None:
    flow = Flow()
    flow.table([("a", "b")] * rows, (1, 1))
    before = len(flow.pages)
    flow.heading("五、异常情况")
    flow.table([(words, "b")], (1, 1), ("发生", "情况"))
    steps = len(flow.pages[before - 1])
    again = Flow()
    again.table([("a", "b")] * rows, (1, 1))
    assert steps == len(again.pages[-1]) or steps > len(again.pages[-1]) + 4, "heading, head and a row of it"
