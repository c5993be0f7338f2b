"""A sheet of names as certificates print them, to be looked at: python -m certificates.papers.name_sheet LIST SHEET.pdf

The list has a line for each name: the name, what becomes of it ("=": stands as typed, "!code": refused, else its
standard form), and why it is on the list, parted by tabs. tests/data/hard_names.txt is one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.core import names
from app.core.errors import Refusal
from certificates.drawing.coverage import unprintable_in
from certificates.drawing.name_lines import fit_name
from certificates.drawing.pictures import INK
from certificates.drawing.typefaces import REGULAR, drawable, leading, one_document_at_a_time, opened, runs
from certificates.drawing.typesetting import draw_line, draw_lines, fit

WIDTH, HEIGHT, MARGIN, ROWS = 595.28, 841.89, 36.0, 11
BOX, SIZES = (220.0, 44.0), (24.0, 4.0)
"""The narrowest box that a certificate has for a name, beside the photo."""
MUTED, RED = (0.36, 0.37, 0.40), (0.60, 0.10, 0.11)


@dataclass(frozen=True)
class Case:
    typed: str
    expected: str
    remark: str

    @property
    def printed(self) -> str:
        """What the certificate should show; nothing, where the name is to be refused."""
        return "" if self.refused else self.typed if self.expected == "=" else self.expected

    @property
    def refused(self) -> str:
        return self.expected[1:] if self.expected.startswith("!") else ""


def read_list(text: str) -> list[Case]:
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [Case(_unescaped(name), expected, remark) for name, expected, remark in lines]


def _unescaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("unicode-escape") if "\\" in text else text


def taken_in(typed: str) -> str:
    """The name that would stand on the certificate; refuses like the application and the issue."""
    name = names.read(typed).name
    for refusal in unprintable_in(name):
        raise refusal
    return name


def draw(cases: Sequence[Case]) -> bytes:
    with one_document_at_a_time:
        opened(REGULAR)
        page = BytesIO()
        canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
        canvas.setTitle("Names as certificates print them")
        for place, case in enumerate(cases):
            if place and place % (ROWS * 2) == 0:
                canvas.showPage()
            column, row = divmod(place % (ROWS * 2), ROWS)
            left = MARGIN + column * (WIDTH - 2 * MARGIN + 16) / 2
            _case(canvas, (left, HEIGHT - MARGIN - (row + 1) * 69), place + 1, case)
        canvas.showPage()
        canvas.save()
    return page.getvalue()


def _case(canvas: Canvas, corner: tuple[float, float], number: int, case: Case) -> None:
    left, bottom = corner
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, left + 20, bottom + 20, str(number), 8, align="right")
    draw_line(canvas, left + 26, bottom - 1, drawable(f"{case.remark} · {_points(case.typed)}")[:88], 5.6)
    canvas.setStrokeColorRGB(*MUTED)
    canvas.setLineWidth(0.3)
    canvas.line(left + 26, bottom + 14, left + 26 + BOX[0], bottom + 14)
    try:
        name = taken_in(case.typed)
    except Refusal as refusal:
        canvas.setFillColorRGB(*RED)
        draw_lines(canvas, left + 26, bottom + 18, fit(drawable(f"{refusal.code}: {refusal}"), (BOX[0], 40), (8, 4)))
        return
    fonts = ", ".join(dict.fromkeys(run.font for run in runs(name, leading(name))))
    draw_line(canvas, left + 26, bottom + 6, fonts + ("" if name == case.typed else " · standard form"), 5.6)
    canvas.setFillColorRGB(*INK)
    setting = fit_name(name, BOX, SIZES)
    draw_lines(canvas, left + 28, bottom + 14 + max(4.0, setting.size * 0.25), setting)


def _points(text: str) -> str:
    rare = [one for one in text if not (one.isascii() or "\u4e00" <= one <= "\u9fa5")]
    return " ".join(map(names.point, dict.fromkeys(rare[:6])))


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(draw(read_list(Path(sys.argv[1]).read_text("utf-8"))))
