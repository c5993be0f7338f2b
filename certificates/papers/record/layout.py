"""Text and tables that flow over as many A4 pages as they need. Values in, drawing steps out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.pictures import INK
from certificates.drawing.typefaces import drawable
from certificates.drawing.typesetting import draw_line, wrapped

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 48.0, WIDTH - 48.0, HEIGHT - 54.0, 58.0
MUTED, RED, RULE = (0.36, 0.37, 0.40), (0.60, 0.10, 0.11), (0.72, 0.73, 0.74)
SIZE, LEADING, PAD = 8.5, 1.38, 4.0
HEADING = 10 + 11 * LEADING + 2
Step = Callable[[Canvas], None]


class Flow:
    """Where the next line goes, and what has been set on each page so far."""

    def __init__(self) -> None:
        self.pages: list[list[Step]] = [[]]
        self.y = TOP
        self._due = ""
        """A heading that waits for what it stands above, so that it is never alone at the foot of a page."""

    def room(self, height: float) -> None:
        """Begins a new page unless so much is left on this one."""
        heading, self._due = self._due, ""
        if self.y - height - (HEADING if heading else 0) < BOTTOM:
            self.pages.append([])
            self.y = TOP
        if heading:
            self.y -= 10
            self.text(heading, size=11, bold=True)
            self.space(2)

    def space(self, height: float) -> None:
        self.y -= height

    def text(self, text: str, *, size: float = SIZE, bold: bool = False, colour: tuple[float, ...] = INK) -> None:
        """A paragraph over the whole width, or several where the text has line breaks."""
        for line in lines(text, RIGHT - LEFT, size):
            self.room(size * LEADING)
            self.y -= size * LEADING
            self._set(LEFT, self.y + size * 0.3, line, size, bold, colour)

    def centred(self, text: str, size: float, *, bold: bool = False, colour: tuple[float, ...] = INK) -> None:
        self.room(size * LEADING)
        self.y -= size * LEADING
        self._set(WIDTH / 2, self.y + size * 0.3, drawable(text), size, bold, colour, "centre")

    def heading(self, text: str) -> None:
        self._due = text

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], head: Sequence[str] = (), *, labels: bool = False
    ) -> None:
        """`widths` are shares of the line. With `labels` every other column, from the first, names the one after it."""
        total = sum(widths)
        columns = [(RIGHT - LEFT) * one / total for one in widths]
        most = (TOP - BOTTOM) / 2  # a longer row is not worth an empty half page before it
        if head:
            first = _high(_cells_of(rows[0], columns)) if rows else 0
            self._row(head, columns, bold=set(range(len(head))), keep=first if first < most else 40)
        for row in rows:
            cells = _cells_of(row, columns)
            height, page = _high(cells), len(self.pages)
            if height < most:
                self.room(height)
            if head and len(self.pages) > page:
                self._row(head, columns, bold=set(range(len(head))))
            self._cells(cells, columns, set(range(0, len(row), 2)) if labels else set())
        self.space(4)

    def _row(self, row: Sequence[str], columns: Sequence[float], bold: set[int], keep: float = 0) -> None:
        cells = _cells_of(row, columns)
        self.room(_high(cells) + keep)
        self._cells(cells, columns, bold)

    def _cells(self, cells: Sequence[Sequence[str]], columns: Sequence[float], bold: set[int]) -> None:
        """One row; a cell longer than a page goes on on the next."""
        most = int((TOP - BOTTOM - 2 * PAD) / (SIZE * LEADING))
        while any(cells):
            now, cells = [cell[:most] for cell in cells], [cell[most:] for cell in cells]
            height = _high(now)
            self.room(height)
            left = LEFT
            for place, (cell, wide) in enumerate(zip(now, columns, strict=True)):
                self._box(left, self.y - height, wide, height)
                for number, line in enumerate(cell):
                    y = self.y - PAD - (number + 1) * SIZE * LEADING + SIZE * 0.32
                    self._set(left + PAD, y, line, SIZE, place in bold, INK)
                left += wide
            self.y -= height

    def _set(
        self, x: float, y: float, text: str, size: float, bold: bool, colour: tuple[float, ...], align: str = "left"
    ) -> None:
        def step(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.setFillColorRGB(*colour)
            if bold:  # the certificate's bold font holds its own words only, so letters are outlined as well as filled
                canvas.setStrokeColorRGB(*colour)
                canvas.setLineWidth(size * 0.035)
                canvas._code.append("2 Tr")  # type: ignore[attr-defined]
            draw_line(canvas, x, y, text, size, align=align)
            canvas.restoreState()

        self.pages[-1].append(step)

    def _box(self, x: float, y: float, wide: float, high: float) -> None:
        def step(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*RULE)
            canvas.setLineWidth(0.5)
            canvas.rect(x, y, wide, high)

        self.pages[-1].append(step)


def _cells_of(row: Sequence[str], columns: Sequence[float]) -> list[list[str]]:
    return [lines(cell, wide - 2 * PAD) for cell, wide in zip(row, columns, strict=True)]


def _high(cells: Sequence[Sequence[str]]) -> float:
    return max(map(len, cells)) * SIZE * LEADING + 2 * PAD


def lines(text: str, width: float, size: float = SIZE) -> list[str]:
    """At least one; line breaks that people typed are kept."""
    return [line for part in (text.splitlines() or [""]) for line in wrapped(drawable(part), width, size)]
