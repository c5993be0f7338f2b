"""The two pictures on a certificate: the holder's photo and the QR code."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.core.images import clean_photo
from certificates.drawing.code_modules import modules

INK, GOLD = (0.09, 0.12, 0.20), (0.62, 0.49, 0.24)
PHOTO_SIZE = (99.2, 138.9)  # 35 mm × 49 mm
JPEG = b"\xff\xd8"
DARK = re.compile("1+")
MASK = 2
"""One for all: trying all eight would be over half of the drawing, and readers take every one of them."""


class _Picture(ImageReader):
    """A JPEG embedded as it is: reportlab would unpack the pixels only to make a name of them."""

    _dataA = None  # noqa: N815 (no transparency)

    def getRGBData(self) -> bytes:  # noqa: N802 (reportlab's name)
        return bytes(self.fp.getvalue())

    def jpeg_fh(self) -> BytesIO:  # type: ignore[override]
        return BytesIO(self.getRGBData())


@dataclass(frozen=True)
class Look:
    """What is told of a photo without its pixels. Of its `kind` are those alike in their colours and in the marks
    before the pixels: profiles and comments stand there."""

    size: tuple[int, int]
    mode: str
    kind: Hashable


@lru_cache(maxsize=4)
def look(photo: bytes) -> Look:
    """Asked three times for each certificate."""
    with Image.open(BytesIO(photo)) as picture:
        kind = picture.format, picture.mode, tuple(sorted(map(str, picture.info)))
        return Look(picture.size, picture.mode, kind)


def draw_photo(canvas: Canvas, photo: bytes, left: float, top: float) -> None:
    """Whole and undistorted in its frame."""
    picture = _Picture(BytesIO(photo if photo.startswith(JPEG) else clean_photo(photo)))
    columns, lines = picture.getSize()
    scale = min(PHOTO_SIZE[0] / columns, PHOTO_SIZE[1] / lines)
    wide, high = columns * scale, lines * scale
    x, y = left + (PHOTO_SIZE[0] - wide) / 2, top - PHOTO_SIZE[1] + (PHOTO_SIZE[1] - high) / 2
    canvas.drawImage(picture, x, y, wide, high)
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setLineWidth(0.8)
    canvas.rect(left - 3, top - PHOTO_SIZE[1] - 3, PHOTO_SIZE[0] + 6, PHOTO_SIZE[1] + 6)


def draw_code(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    canvas._code.append(code_operators(address, x, y, side))  # type: ignore[attr-defined]


def code_operators(text: str, x: float, y: float, side: float) -> str:
    """The QR code as one path of filled rectangles, one for each row of neighbouring dark modules."""
    rows = modules(text, MASK)
    module = side / len(rows)
    found = ((line, one.span()) for line, row in enumerate(rows) for one in DARK.finditer(row))
    drawn = [f"{first} {-line} {last - first} -1 re" for line, (first, last) in found]
    place = f"{module:.6f} 0 0 {module:.6f} {x:.4f} {y + side:.4f} cm"
    return " ".join([f"q {' '.join(f'{part:g}' for part in INK)} rg {place}", *drawn, "f Q"])
