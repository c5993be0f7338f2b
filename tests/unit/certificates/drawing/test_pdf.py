"""The page says what it was given, as typed, and refuses what it cannot show."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from app.core.errors import Refusal
from certificates.drawing import wording
from certificates.drawing.pdf import draw
from certificates.drawing.typefaces import BOLD, LETTERS, REGULAR, leading, opened, runs, to_unicode_map, width
from certificates.drawing.typesetting import fit, wrapped
from tests.unit.certificates.conftest import a_face


def text_of(pdf: bytes) -> str:
    """All text without spaces and line breaks, which depend on the reader."""
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 1
    return "".join(pages[0].extract_text().split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "阿不都热依木·买买提",
        "李𬭊",
        "𠮷田 㛃",
        "𡊄𠄀𪻐 㑇𬴊Smith",
        "𫠚𬎆𫟷",
        "Nguyễn Thị Ánh",
        "Łukasz Erdoğan-Šimić",
        "Анна Ёлкина",
        "<b>欧阳</b> & {{ 7*7 }} %(name)s \\n (1) Tj <script>alert('x')</script>",
        "/ByteRange [0 1 2 3]",
        "永" * 200,
        "W" * 200,
        "𠄀𬎆" * 100,
    ],
)
def test_a_name_prints_as_typed(name: str) -> None:
    assert squeezed(name) in text_of(draw(a_face(holder_name=name)))


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils is not installed here; pypdf reads instead"
)
def test_a_second_reader_gives_rare_characters_back(tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(draw(a_face(holder_name="李𬭊𠮷𬎆")))
    read = subprocess.run(["pdftotext", "-raw", str(page), "-"], capture_output=True, check=True, text=True)
    assert "李𬭊𠮷𬎆" in read.stdout


def test_the_meaning_of_bytes_is_written_in_utf16_and_in_blocks_of_a_hundred() -> None:
    written = to_unicode_map("F", [0, *range(0x4E00, 0x4E00 + 150), 0x20BB7])
    assert "<97> <D842DFB7>" in written
    assert "100 beginbfchar" in written
    assert "51 beginbfchar" in written


@pytest.mark.parametrize(
    ("name", "code", "point"),
    [
        ("\U0002ebf0", "glyph_missing", "U+2EBF0"),
        ("한", "glyph_missing", "U+D55C"),
        ("\ue863", "character_private", "U+E863"),
        ("葛\U000e0100", "character_variant", "U+E0100"),
        ("王\u200b明", "character_invisible", "U+200B"),
        ("王\u202e明", "character_invisible", "U+202E"),
        ("王\n明", "character_invisible", "U+000A"),
        ("王\ud842", "character_invisible", "U+D842"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(name: str, code: str, point: str) -> None:
    with pytest.raises(Refusal, match="U\\" + point[1:]) as refused:
        draw(a_face(holder_name=name))
    assert refused.value.code == code


def test_a_name_with_one_unusual_letter_is_written_in_one_hand() -> None:
    assert [run.font for run in runs("Erdoğan", leading("Erdoğan"))] == [LETTERS]
    assert [run.font for run in runs("Smith", leading("Smith"))] == [REGULAR]
    assert [run.font for run in runs("李ğ", leading("李ğ"))] == [REGULAR, LETTERS]


def test_an_accent_typed_apart_becomes_the_letter() -> None:
    assert "JoséNuñez" in text_of(draw(a_face(holder_name="Jose\u0301 Nun\u0303ez")))


@pytest.mark.parametrize("field", ["holder_name", "scheme_name", "level_name", "serial", "issuer_name"])
def test_text_beyond_all_measure_is_refused(field: str) -> None:
    with pytest.raises(Refusal) as refused:
        draw(a_face(**{field: "永" * 3000}))
    assert refused.value.code == "text_does_not_fit"


def test_the_page_says_all_that_a_certificate_says() -> None:
    face = a_face()
    text = text_of(draw(face))
    said = (face.scheme_name, face.scheme_code, face.level_name, face.serial, face.issuer_name, face.verification_url)
    for words in (*said, wording.TITLE, "2026年11月21日", "21November2026", wording.AWARD):
        assert squeezed(words) in text
    assert squeezed(wording.DEMONSTRATION) not in text


def test_a_demonstration_says_so_in_both_languages_and_in_its_metadata() -> None:
    pdf = draw(a_face(demonstration=True))
    assert squeezed(wording.DEMONSTRATION) in text_of(pdf)
    assert squeezed(wording.DEMONSTRATION_EN) in text_of(pdf)
    assert "DEMONSTRATION" in str((PdfReader(BytesIO(pdf)).metadata or {})["/Creator"])


def test_title_language_and_date_are_set_and_every_font_is_embedded() -> None:
    reader = PdfReader(BytesIO(draw(a_face(holder_name="李𬭊 Łuk"))))
    assert reader.metadata is not None
    assert reader.metadata.title == f"{wording.TITLE} 李𬭊 Łuk C-2026-000123-7"
    assert str(reader.metadata["/CreationDate"]).startswith("D:20261121")
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "zh-CN"
    page: Any = reader.pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    below: list[Any] = [font["/DescendantFonts"][0].get_object() for font in fonts]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in below)


def test_the_same_face_gives_the_same_bytes(photo: bytes) -> None:
    face = a_face(photo=photo)
    assert draw(face) == draw(face)
    assert draw(face) != draw(a_face(photo=photo, issued_on=date(2026, 11, 22)))


def test_the_photo_is_embedded_as_it_is(photo: bytes) -> None:
    assert photo in draw(a_face(photo=photo))


def test_a_photo_that_is_no_jpeg_becomes_one() -> None:
    picture = BytesIO()
    Image.new("RGB", (300, 420), "navy").save(picture, "PNG")
    assert b"/DCTDecode" in draw(a_face(photo=picture.getvalue()))


def test_the_bold_font_holds_every_fixed_word() -> None:
    assert {run.font for run in runs(wording.in_bold(), BOLD)} == {BOLD}


def test_the_main_font_has_an_outline_for_each_character_of_gb2312() -> None:
    face = opened(REGULAR).face
    pairs = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    for character in "".join(pair.decode("gb2312", errors="ignore") for pair in pairs):
        glyph = face.charToGlyph[ord(character)]
        assert face.glyphPos[glyph + 1] > face.glyphPos[glyph], character


NAMES = st.text(st.sampled_from("永王A W<>&·éğ字𠮷l1"), min_size=1, max_size=200)


@given(NAMES)
@settings(max_examples=60, deadline=None)
def test_lines_hold_the_whole_text_inside_their_box(name: str) -> None:
    setting = fit(name, (218.0, 54.0), (26.0, 4.0))
    assert "".join(setting.lines) == name
    assert all(width(line.rstrip(), setting.size, setting.font) <= 218.1 for line in setting.lines)
    assert setting.height <= 54 or len(setting.lines) == 1


def test_latin_breaks_after_a_space_where_there_is_one() -> None:
    assert wrapped("aaaa bbbb cccc", 40, 8)[0].endswith(" ")
