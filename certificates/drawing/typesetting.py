"""Lines that stay inside their box: shrink first, then wrap, and refuse rather than overflow."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from app.core.errors import N_, Refusal
from certificates.drawing.typefaces import REGULAR, leading, runs, width

LEADING = 1.25


@dataclass(frozen=True)
class Setting:
    lines: tuple[str, ...]
    size: float
    font: str = REGULAR

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


def fit(text: str, box: tuple[float, float], sizes: tuple[float, float]) -> Setting:
    """The largest setting of the text inside the box; a somewhat smaller single line is better than two."""
    (box_width, box_height), (largest, smallest) = box, sizes
    font = leading(text)
    at_one = width(text, 1, font)
    if at_one * largest * 0.7 <= box_width:
        return Setting((text,), min(largest, box_width / max(at_one, 0.01)), font)
    size = largest
    while size >= smallest:
        setting = Setting(tuple(wrapped(text, box_width, size, font)), size, font)
        if setting.height <= box_height:
            return setting
        size -= 0.5
    raise _does_not_fit(text)


def fit_line(text: str, box_width: float, sizes: tuple[float, float]) -> Setting:
    """The largest setting of the text on one line."""
    font = leading(text)
    largest, smallest = sizes
    size = min(largest, box_width / max(width(text, 1, font), 0.01))
    if size < smallest:
        raise _does_not_fit(text)
    return Setting((text,), size, font)


def _does_not_fit(text: str) -> Refusal:
    return Refusal(
        "text_does_not_fit",
        N_("The text “%(beginning)s…” (%(length)s characters) does not fit on the certificate. Shorten it."),
        beginning=text[:20],
        length=len(text),
    )


def wrapped(text: str, box_width: float, size: float, font: str = REGULAR) -> list[str]:
    """Break after a space where the line has one, else anywhere: Chinese has no spaces, and markup need not either."""
    lines: list[str] = []
    rest = text
    while rest:
        count = _fitting(rest, box_width, size, font)
        if count < len(rest):
            space = rest.rfind(" ", 0, count + 1)
            if space >= count // 2:
                count = space + 1
        lines.append(rest[:count])
        rest = rest[count:]
    return lines or [""]


def _fitting(text: str, box_width: float, size: float, font: str) -> int:
    used = 0.0
    for count, character in enumerate(text):
        used += width(character, size, font)
        if used > box_width + 0.01:
            return max(count, 1)
    return len(text)


def draw_line(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    font: str = REGULAR,
    spacing: float = 0,
    align: str = "left",
) -> None:
    """One line at its baseline; `align` says which point of it x is."""
    length = width(text, size, font) + spacing * max(len(text) - 1, 0)
    start = x - length * {"left": 0, "centre": 0.5, "right": 1}[align]
    line = canvas.beginText(start, y)
    line.setCharSpace(spacing)
    for run in runs(text, font):
        line.setFont(run.font, size)
        line.textOut(run.text)
    line.setCharSpace(0)
    canvas.drawText(line)


def draw_lines(canvas: Canvas, x: float, bottom: float, setting: Setting) -> None:
    """All lines of a setting, the last at `bottom`; the first is written first, for those who copy or hear the text."""
    above = len(setting.lines) - 1
    for number, line in enumerate(setting.lines):
        draw_line(canvas, x, bottom + (above - number) * setting.size * LEADING, line, setting.size, font=setting.font)
