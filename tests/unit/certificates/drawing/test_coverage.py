"""The list of what each font draws is true, complete for the national standard, and in the mainland's forms."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest

from certificates.drawing.coverage import font_of, fonts, holds, unprintable_in
from certificates.drawing.typefaces import REGULAR, opened

LEVEL_3 = ((0x3400, 0x4DB5), (0x4E00, 0x9FEF), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D),
           (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))  # fmt: skip
TWELVE = "\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"
TELLING = "骨直角返令言青示糸户戶者社曾肖尊黄别包化草吴冰海舌告周雪録奥免门遍真鬼"
"""Written otherwise in Japan, Korea, Taiwan or Hong Kong."""
LOOKED_AT = "05d848a243bda3e67c07c1c492391e792b972117d5ce533dc71eaa16b3a55655"
"""Of their outlines, as they were when a person compared each with the mainland's standard."""


def outline(font: str, character: str) -> bytes:
    face = opened(font).face
    glyph = face.charToGlyph[ord(character)]
    return bytes(face.get_table("glyf")[face.glyphPos[glyph] : face.glyphPos[glyph + 1]])  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("font", list(fonts()))
def test_each_font_has_an_outline_for_what_the_list_says(font: str) -> None:
    face, runs = opened(font).face, zip(*fonts()[font], strict=True)
    codes = [code for first, last in runs for code in range(first, last + 1) if code > 0x3000 or chr(code).isalpha()]
    glyphs = [face.charToGlyph[code] for code in codes]
    assert [code for code, one in zip(codes, glyphs, strict=True) if face.glyphPos[one] == face.glyphPos[one + 1]] == []
    assert all(holds(font, chr(code)) for code in codes)


def test_every_character_of_the_third_level_of_gb_18030_2022_has_a_font() -> None:
    standard = [chr(code) for first, last in LEVEL_3 for code in range(first, last + 1)] + list(TWELVE)
    assert len(standard) == 87_887
    drawn = Counter(map(font_of, standard))
    assert drawn[""] == 0


def test_the_second_level_is_drawn_by_the_main_font_alone() -> None:
    assert {font_of(chr(code)) for first, last in LEVEL_3[:2] for code in range(first, last + 1)} == {REGULAR}


def test_the_main_font_writes_as_the_mainland_does() -> None:
    outlines = b"".join(outline(REGULAR, one) for one in TELLING)
    assert sha256(outlines).hexdigest() == LOOKED_AT


@pytest.mark.parametrize("list_of_a_region", ["euc_jis_2004", "big5hkscs", "gb18030"])
def test_characters_that_lists_of_other_regions_have_are_drawn_by_fonts_of_the_mainland(list_of_a_region: str) -> None:
    """Where the forms of the regions differ, it is in characters that their own lists have."""
    rare = [chr(code) for first, last in LEVEL_3 for code in range(first, last + 1)]
    listed = [one for one in rare if len(one.encode(list_of_a_region, "ignore")) in (2, 3)]
    assert len(listed) > 13_000
    assert {font_of(one) for one in listed} <= {REGULAR, "RareHanSong", "RareHanMing"}


def test_what_no_font_has_is_named() -> None:
    assert [str(one.params["point"]) for one in unprintable_in("王\U0002ebf0明\U0002ebf0")] == ["U+2EBF0"]
    assert unprintable_in("王小明𬭊\U00030edd") == []
