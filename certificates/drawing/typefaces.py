"""The fonts of a certificate and who draws which character.

Noto Serif SC draws nearly everything; letters of other alphabets and rare Han characters come from fallbacks, each
opened only when first needed. A character that no font has is refused: a certificate never shows an empty box.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

from reportlab.pdfbase import pdfmetrics, ttfonts

from app.core import heavy
from app.core.errors import N_, Refusal
from app.core.names import point as _point
from certificates.drawing.coverage import font_of, glyph_missing, holds
from certificates.fonts import FOLDER

REGULAR = "NotoSerifSC-Regular"
BOLD = "NotoSerifSC-Bold"
LETTERS = "NotoSerif-Letters"
TEXTS = 5_000
"""Most texts of a certificate stand on every other one too, and each is asked about several times."""
one_document_at_a_time = heavy.lock()
"""reportlab's parsed fonts carry a reading position, so they serve one document at a time."""


@dataclass(frozen=True)
class Run:
    """Neighbouring characters drawn by one font."""

    font: str
    text: str


class _Face(ttfonts.TTFontFace):
    """Subsetting reads the outlines through a window: the original copies the whole 14 MB table for each file."""

    def get_table(self, tag: str) -> bytes | _Window:
        if tag != "glyf":
            return bytes(super().get_table(tag))  # type: ignore[no-untyped-call]
        return _Window(self._ttf_data, self.get_table_pos(tag)[0])  # type: ignore[attr-defined]


class _Window:
    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.start = data, start

    def __getitem__(self, part: slice) -> bytes:
        return self.data[self.start + part.start : self.start + part.stop]


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """What each byte of a subset means, so that text can be searched, copied and read aloud.

    Replaces reportlab's own, which writes characters beyond U+FFFF as five digits where the format wants UTF-16
    (李𬭊 came back as 李Ⲵ), and rows beyond the 100 that one block may hold.
    """
    rows = [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset) if char]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        f"/CMapName /{font_name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


ttfonts.makeToUnicodeCMap = to_unicode_map  # type: ignore[assignment]


@cache
def opened(name: str) -> ttfonts.TTFont:
    """The font, parsed once in the life of the process."""
    plain, packed = FOLDER / f"{name}.ttf", FOLDER / f"{name}.ttf.xz"
    data = plain.read_bytes() if plain.exists() else lzma.decompress(packed.read_bytes())
    font = ttfonts.TTFont(name, BytesIO(data), asciiReadable=0)
    font.face.__class__ = _Face
    font.face.filename = name
    pdfmetrics.registerFont(font)
    return font


def runs(text: str, first: str = REGULAR) -> list[Run]:
    """The text in runs of one font each; refuses what cannot be shown exactly as typed."""
    check(text)
    fonts = [(_font_for(character, first), character) for character in text]
    found = [Run(font, "".join(pair[1] for pair in group)) for font, group in groupby(fonts, key=lambda pair: pair[0])]
    for run in found:
        opened(run.font)
    return found


@lru_cache(maxsize=TEXTS)
def leading(text: str) -> str:
    """The font that a text begins with: one letter of Erdoğan in another hand would look like a mistake."""
    check(text)
    return LETTERS if any(_font_for(character, REGULAR) == LETTERS for character in text) else REGULAR


@lru_cache(maxsize=TEXTS)
def composed(text: str) -> str:
    """Letter and accent typed apart become the one letter that fonts have; everything else stays as typed."""
    return re.sub("[^\u0300-\u036f][\u0300-\u036f]+", lambda part: unicodedata.normalize("NFC", part[0]), text)


@lru_cache(maxsize=TEXTS)
def width(text: str, size: float, first: str = REGULAR) -> float:
    return sum(_advance(character, first) for character in text) * size / 1000


@lru_cache(maxsize=20_000)
def _advance(character: str, first: str) -> float:
    face = opened(_font_for(character, first)).face
    return float(face.getCharWidth(ord(character)))  # type: ignore[no-untyped-call]


@lru_cache(maxsize=20_000)
def _font_for(character: str, first: str) -> str:
    if first == BOLD:
        return first if ord(character) in opened(BOLD).face.charToGlyph else _font_for(character, REGULAR)
    font = first if holds(first, character) else font_of(character)
    if not font:
        raise glyph_missing(character)
    return font


def drawable(text: str) -> str:
    """For what people type freely: a character that no font shows exactly is named by its code point, [U+1F600]."""
    return "".join(one if _is_drawable(one) else f"[{_point(one)}]" for one in composed(text))


@lru_cache(maxsize=20_000)
def _is_drawable(character: str) -> bool:
    try:
        return bool(runs(character))
    except Refusal:
        return False


@lru_cache(maxsize=TEXTS)
def check(text: str) -> None:
    """Refuse characters that mean another thing on the next machine, or that nobody can see."""
    for character in text:
        if _is_private(character):
            raise Refusal(
                "character_private",
                N_(
                    "The character %(point)s belongs to a private area and looks different on each computer. "
                    "Type the character's standard form instead."
                ),
                point=_point(character),
            )
        if _is_selector(character):
            raise Refusal(
                "character_variant",
                N_(
                    "The text holds an invisible mark (%(point)s) that asks for a variant of the character before it. "
                    "Remove the mark, or type the variant's own character."
                ),
                point=_point(character),
            )
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"}:
            raise Refusal(
                "character_invisible",
                N_("The text holds a character that cannot be printed by itself (%(point)s). Remove it and type anew."),
                point=_point(character),
            )


def _is_private(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef" or character == "\u303e"
