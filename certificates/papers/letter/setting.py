"""Sets a letter line by line on as many A4 pages as it needs. Values in, drawing steps out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.pictures import INK
from certificates.drawing.typefaces import drawable, width
from certificates.drawing.typesetting import draw_line, wrapped

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 76.0, WIDTH - 76.0, HEIGHT - 58.0, 72.0
SIZE, LEADING = 10.5, 1.6
RED, MUTED, RULE = (0.72, 0.08, 0.10), (0.36, 0.37, 0.40), (0.78, 0.78, 0.78)
_NOT_FIRST = "，。；：、！？）》”’」』,.;:!?)"
Step = Callable[[Canvas], None]


class Sheet:
    """Where the next line goes, and what has been set on each page so far."""

    def __init__(self) -> None:
        self.pages: list[list[Step]] = []
        self.y = TOP

    def page(self) -> None:
        self.pages.append([])
        self.y = TOP

    def room(self, height: float) -> None:
        """A new page unless so much is left on this one."""
        if self.y - height < BOTTOM:
            self.page()

    def add(self, step: Step) -> None:
        self.pages[-1].append(step)

    def paragraph(self, text: str, *, indent: float = 0, size: float = SIZE, left: float = LEFT) -> None:
        for number, line in enumerate(lines(text, RIGHT - left, size, indent)):
            self.room(size * LEADING)
            self.y -= size * LEADING
            self.put(left + (0 if number else indent), self.y, line, size)

    def heading(self, text: str, below: float) -> None:
        """Never alone at the foot of a page."""
        self.room(below + SIZE * LEADING)
        self.y -= SIZE * LEADING + 5
        self.put(LEFT, self.y, text, SIZE + 0.4, bold=True)

    def put(
        self, x: float, y: float, text: str, size: float, *,
        bold: bool = False, colour: Sequence[float] = INK, align: str = "left", spacing: float = 0,
    ) -> None:  # fmt: skip
        shown = drawable(text)

        def step(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.setFillColorRGB(*colour)
            if bold:  # the certificate's bold font holds its own words only, so letters are outlined as well as filled
                canvas.setStrokeColorRGB(*colour)
                canvas.setLineWidth(size * 0.03)
                canvas._code.append("2 Tr")  # type: ignore[attr-defined]
            draw_line(canvas, x, y, shown, size, align=align, spacing=spacing)
            canvas.restoreState()

        self.add(step)

    def rule(self, y: float, line: float, colour: Sequence[float], left: float = LEFT, right: float = RIGHT) -> None:
        def step(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*colour)
            canvas.setLineWidth(line)
            canvas.line(left, y, right, y)

        self.add(step)


def lines(text: str, wide: float, size: float, indent: float = 0) -> list[str]:
    """The first line begins further in; no line begins with a mark that ends a sentence."""
    found: list[str] = []
    for part in drawable(text).splitlines() or [""]:
        rest, free = part, wide - indent
        while rest:
            line = _first(rest, free, size)
            found.append(line.rstrip())
            rest, free = rest[len(line) :], wide
    return found or [""]


def _first(text: str, wide: float, size: float) -> str:
    line = wrapped(text, wide, size)[0]
    while len(line) > 1 and len(line) < len(text) and text[len(line)] in _NOT_FIRST:
        if text[len(line)] != " " and width(text[: len(line) + 1], size) <= wide + size * 0.5:
            return text[: len(line) + 1]  # half of a full-width mark is blank and may hang over
        line = line[:-1]
    return line
