"""Characters as outlines: for pictures that only look like text, such as a seal or a watermark."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from app.core import heavy
from certificates.drawing.glyphs import source
from certificates.drawing.typefaces import REGULAR, runs

_one_at_a_time = heavy.lock()
"""fontTools reads its file where the reading before it ended."""
_EDGE = 18
"""Thousandths of an em, in the units that outlines are counted in."""


class _Operators(BasePen):  # type: ignore[misc]
    """fontTools turns the quadratic curves of TrueType into the cubic ones that a page has."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.parts: list[str] = []

    def _moveTo(self, at: tuple[float, float]) -> None:  # noqa: N802 (fontTools' names)
        self.parts.append(f"{at[0]:g} {at[1]:g} m")

    def _lineTo(self, at: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append(f"{at[0]:g} {at[1]:g} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append(" ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802
        self.parts.append("h")


@lru_cache(maxsize=8)
def _font(name: str) -> TTFont:
    return TTFont(BytesIO(source(name).data), lazy=True)


@lru_cache(maxsize=2_000)
def outline(character: str, first: str = REGULAR) -> tuple[str, float]:
    """The curves of it, one unit an em, and how wide it is."""
    name = runs(character, first)[0].font
    one = source(name)
    glyph = one.glyph_of[ord(character)]
    with _one_at_a_time:
        font = _font(name)
        glyphs = font.getGlyphSet()
        pen = _Operators(glyphs)
        glyphs[font.getGlyphName(glyph)].draw(pen)
    scale = 1 / one.units
    wide = one.metrics(glyph)[0] * scale
    return f"{scale:.7f} 0 0 {scale:.7f} 0 0 cm {' '.join(pen.parts)}" if pen.parts else "", wide


def placed(
    character: str,
    matrix: tuple[float, float, float, float, float, float],
    first: str = REGULAR,
    *,
    heavy: bool = False,
) -> str:
    """Filled; `heavy`: with its edge drawn too, in the colour of lines."""
    drawn = outline(character, first)[0]
    if not drawn:
        return ""
    paint = f"{_EDGE:g} w B" if heavy else "f"
    return f"q {' '.join(f'{one:.4f}' for one in matrix)} cm {drawn} {paint} Q"
