"""The two pictures on a certificate: the holder's photo and the QR code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.core.images import clean_photo

INK, GOLD = (0.09, 0.12, 0.20), (0.62, 0.49, 0.24)
PHOTO_SIZE = (99.2, 138.9)  # 35 mm × 49 mm
JPEG = b"\xff\xd8"


class _Picture(ImageReader):
    """A JPEG embedded as it is: reportlab would unpack the pixels only to make a name of them."""

    _dataA = None  # noqa: N815 (no transparency)

    def getRGBData(self) -> bytes:  # noqa: N802 (reportlab's name)
        return bytes(self.fp.getvalue())

    def jpeg_fh(self) -> BytesIO:  # type: ignore[override]
        return BytesIO(self.getRGBData())


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


def code_operators(text: str, x: float, y: float, side: float, mask: int | None = None) -> str:
    """The QR code as filled rectangles, one for each row of neighbouring dark modules.

    A given mask saves trying all eight, which is most of the cost; every one of them is a code that readers take.
    """
    matrix = segno.make(text, error="m", micro=False, boost_error=False, mask=mask).matrix
    module = side / len(matrix)
    rows = (f"{left} {-line} {length} -1 re" for line, row in enumerate(matrix) for left, length in _dark(row))
    place = f"{module:.6f} 0 0 {module:.6f} {x:.4f} {y + side:.4f} cm"
    return " ".join([f"q {' '.join(f'{part:g}' for part in INK)} rg {place}", *rows, "f Q"])


def _dark(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where each stretch of dark modules begins and how long it is."""
    column = 0
    for dark, stretch in groupby(row):
        length = len(list(stretch))
        if dark:
            yield column, length
        column += length
