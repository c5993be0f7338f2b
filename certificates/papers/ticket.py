"""Draws admission tickets: values in, bytes out. Two on a page of A4, to be cut apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.pictures import INK, PHOTO_SIZE, draw_code, draw_photo
from certificates.drawing.typefaces import BOLD, REGULAR, composed, drawable, one_document_at_a_time, opened
from certificates.drawing.typesetting import draw_line, draw_lines, fit, fit_line
from certificates.papers import ticket_wording as words

WIDTH, HEIGHT = 595.28, 841.89
HALF = HEIGHT / 2
LEFT, RIGHT, TOP = 42.0, WIDTH - 42.0, HALF - 34.0
BRAND, MUTED, LINE = (0.059, 0.298, 0.361), (0.36, 0.37, 0.40), (0.72, 0.74, 0.74)
CODES = 382.0
"""Where the column with number and code begins."""


@dataclass(frozen=True)
class TicketFace:
    """What a ticket shows."""

    holder_name: str
    identity: str
    photo: bytes | None
    exam: str
    time: str
    site: str
    place: str
    number: str
    code: str
    issuer_name: str
    login_url: str
    minutes: int
    late_minutes: int
    hours_before: int
    demonstration: bool = False

    def fields(self) -> tuple[tuple[tuple[str, str], str, float], ...]:
        """Label, value, and the height it may take."""
        return (
            (words.NAME, self.holder_name, 30.0),
            (words.IDENTITY, self.identity, 22.0),
            (words.EXAM, self.exam, 34.0),
            (words.TIME, self.time, 22.0),
            (words.SITE, self.site, 34.0),
            (words.PLACE, self.place, 24.0),
        )


def draw(faces: Sequence[TicketFace], title: str) -> bytes:
    """One PDF with all of them. A character that no font has is named by its number: no list fails for one name."""
    with one_document_at_a_time:
        for name in (REGULAR, BOLD):
            opened(name)
        page = BytesIO()
        canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
        canvas.setTitle(composed(title))
        for place, face in enumerate(faces):
            canvas.saveState()
            canvas.translate(0, 0 if place % 2 else HALF)
            _ticket(canvas, face)
            canvas.restoreState()
            if place % 2 == 0:
                _cut(canvas)
            if place % 2 or place == len(faces) - 1:
                canvas.showPage()
        canvas.save()
    return page.getvalue()


def _ticket(canvas: Canvas, face: TicketFace) -> None:
    _heading(canvas, face)
    _photo(canvas, face)
    top = TOP - 54
    for label, value, height in face.fields():
        top -= height
        _field(canvas, (LEFT + PHOTO_SIZE[0] + 22, top, height), label, value)
        top -= 3
    _codes(canvas, face)
    _rules(canvas, face)


def _heading(canvas: Canvas, face: TicketFace) -> None:
    canvas.setFillColorRGB(*BRAND)
    draw_line(canvas, LEFT, TOP - 18, words.TITLE[0], 24, spacing=6)
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, LEFT + 100, TOP - 17, words.TITLE[1], 11)
    issuer = fit_line(drawable(face.issuer_name), 250, (10, 5))
    draw_line(canvas, RIGHT, TOP - 12, issuer.lines[0], issuer.size, font=issuer.font, align="right")
    if face.demonstration:
        canvas.setFillColorRGB(0.6, 0.1, 0.11)
        draw_line(canvas, RIGHT, TOP - 25, words.DEMONSTRATION, 10, align="right")
    canvas.setStrokeColorRGB(*BRAND)
    canvas.setLineWidth(1.2)
    canvas.line(LEFT, TOP - 32, RIGHT, TOP - 32)


def _photo(canvas: Canvas, face: TicketFace) -> None:
    top = TOP - 54
    if face.photo is not None:
        draw_photo(canvas, face.photo, LEFT + 3, top)
        return
    canvas.setStrokeColorRGB(*LINE)
    canvas.setLineWidth(0.8)
    canvas.rect(LEFT, top - PHOTO_SIZE[1], PHOTO_SIZE[0], PHOTO_SIZE[1])
    canvas.setFillColorRGB(*MUTED)
    for line, text in enumerate(words.NO_PHOTO):
        middle = top - PHOTO_SIZE[1] / 2 - line * 12
        draw_line(canvas, LEFT + PHOTO_SIZE[0] / 2, middle, text, 9 - line * 2, align="centre")


def _field(canvas: Canvas, box: tuple[float, float, float], label: tuple[str, str], value: str) -> None:
    left, bottom, height = box
    start = left + 62
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, left, bottom + 11, label[0], 9)
    draw_line(canvas, left, bottom + 4, label[1], 5.5)
    canvas.setStrokeColorRGB(*LINE)
    canvas.setLineWidth(0.5)
    canvas.line(left, bottom, CODES - 16, bottom)
    canvas.setFillColorRGB(*INK)
    setting = fit(drawable(value), (CODES - 16 - start - 2, height - 5), (17 if label == words.NAME else 10.5, 4))
    draw_lines(canvas, start, bottom + 4.5 + (2 if len(setting.lines) == 1 else 0), setting)


def _codes(canvas: Canvas, face: TicketFace) -> None:
    """What is typed at the computer, large enough to be read at arm's length."""
    top, wide = TOP - 46, RIGHT - CODES
    canvas.setFillColorRGB(0.945, 0.965, 0.968)
    canvas.rect(CODES, top - 196, wide, 196, stroke=0, fill=1)
    for label, value, y in ((words.NUMBER, face.number, top - 18), (words.CODE, face.code, top - 62)):
        canvas.setFillColorRGB(*MUTED)
        draw_line(canvas, CODES + 10, y, label[0], 9)
        draw_line(canvas, CODES + 74, y, label[1], 6.5)
        canvas.setFillColorRGB(*INK)
        line = fit_line(value, wide - 32, (16.5, 8))
        draw_line(canvas, CODES + 10, y - 20, value, line.size, font=BOLD)
    draw_code(canvas, face.login_url, CODES + 10, top - 186, 82)
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, CODES + 100, top - 114, words.LOGIN[0], 9)
    draw_line(canvas, CODES + 100, top - 123, words.LOGIN[1], 6.5)
    canvas.setFillColorRGB(*INK)
    setting = fit(face.login_url, (wide - 106, 56), (8, 3))
    draw_lines(canvas, CODES + 100, top - 128 - setting.height, setting)


def _rules(canvas: Canvas, face: TicketFace) -> None:
    y = 100.0
    canvas.setStrokeColorRGB(*LINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, y + 16, RIGHT, y + 16)
    canvas.setFillColorRGB(*BRAND)
    draw_line(canvas, LEFT, y + 3, words.RULES[0], 9)
    draw_line(canvas, LEFT + 60, y + 3, words.RULES[1], 6.5)
    figures = {"late": face.late_minutes, "minutes": face.minutes, "before": face.hours_before}
    canvas.setFillColorRGB(*INK)
    for line in words.RULE_LINES:
        y -= 12.5
        draw_line(canvas, LEFT, y + 2, line.format(**figures), 8)
    canvas.setFillColorRGB(*MUTED)
    for line in words.RULE_LINES_EN:
        y -= 8.5
        draw_line(canvas, LEFT, y, line.format(**figures), 5.8)


def _cut(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setStrokeColorRGB(*LINE)
    canvas.setLineWidth(0.5)
    canvas.setDash(3, 4)
    canvas.line(0, HALF, WIDTH, HALF)
    canvas.restoreState()
