"""A rare character as a picture, for screens whose fonts do not have it: who is asked about a name has to see it."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from certificates.drawing.coverage import font_of
from certificates.fonts import FOLDER


@dataclass(frozen=True)
class Picture:
    """An SVG path in the font's units, upwards positive, for a box one em wide."""

    path: str
    em: int

    @property
    def box(self) -> str:
        return f"0 {-0.88 * self.em:g} {self.em} {self.em}"


@lru_cache(maxsize=500)
def pictured(character: str) -> Picture | None:
    """Nothing for what every screen shows, and for what no font of ours has."""
    if len(character) != 1 or character < "\u3400" or "\u4e00" <= character <= "\u9fa5":
        return None
    if not (name := font_of(character)):
        return None
    plain, packed = FOLDER / f"{name}.ttf", FOLDER / f"{name}.ttf.xz"
    data = plain.open("rb") if plain.exists() else BytesIO(lzma.decompress(packed.read_bytes()))
    with data, TTFont(data, lazy=True) as font:  # read and let go: a web process keeps no font for one question
        glyphs = font.getGlyphSet()
        pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
        glyphs[font.getBestCmap()[ord(character)]].draw(pen)
        return Picture(pen.getCommands(), font["head"].unitsPerEm)
