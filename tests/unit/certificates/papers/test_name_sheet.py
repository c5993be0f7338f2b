"""Two hundred hard names: each printed as it should be and read back letter for letter, or refused as the list says."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from app.core import names
from app.core.errors import Refusal
from certificates.drawing.pdf import draw as draw_certificate
from certificates.papers.name_sheet import Case, draw, read_list, taken_in
from tests.unit.certificates.conftest import a_face

CASES = read_list((Path(__file__).parents[3] / "data" / "hard_names.txt").read_text("utf-8"))
PRINTED = [case.printed for case in CASES if case.printed]


def text_of(pdf: bytes, folder: Path) -> list[str]:
    """Page by page, as poppler reads it; where that is not installed, as pypdf does."""
    if shutil.which("pdftotext") is None:
        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    return read.split("\f")[:-1]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_there_are_two_hundred_and_none_twice() -> None:
    assert len({case.typed for case in CASES}) == len(CASES) == 200
    assert len(PRINTED) == 180


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.remark)
def test_each_is_taken_in_or_refused_as_the_list_says(case: Case) -> None:
    if case.printed:
        assert taken_in(case.typed) == case.printed
        assert names.read(case.printed).changes == ()
    else:
        with pytest.raises(Refusal) as refused:
            taken_in(case.typed)
        assert refused.value.code == case.refused


def test_each_stands_on_a_certificate_and_is_read_back(tmp_path: Path) -> None:
    every = pikepdf.new()
    for name in PRINTED:
        with pikepdf.open(BytesIO(draw_certificate(a_face(holder_name=name)))) as one:
            every.pages.extend(one.pages)
    kept = BytesIO()
    every.save(kept)
    pages = text_of(kept.getvalue(), tmp_path)
    assert len(pages) == len(PRINTED)
    assert [name for name, page in zip(PRINTED, pages, strict=True) if squeezed(name) not in squeezed(page)] == []


def test_the_sheet_shows_them_all(tmp_path: Path) -> None:
    sheet = draw(CASES)
    assert sheet == draw(CASES)
    lines = "\n".join(text_of(sheet, tmp_path)).splitlines()
    short = [name for name in PRINTED if len(name) <= 12]
    assert [name for name in short if name not in lines] == []
    text = squeezed("".join(lines))
    assert all(squeezed(name) in text for name in PRINTED)
    assert all(case.refused in text for case in CASES if case.refused)
