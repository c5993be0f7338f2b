"""Draws a letter: Chinese first, then English, each on its own page. The same values give the same bytes."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.pictures import draw_code
from certificates.drawing.typefaces import REGULAR, drawable, one_document_at_a_time, opened
from certificates.drawing.typesetting import draw_line, fit_line
from certificates.papers.letter.notice import Notice
from certificates.papers.letter.setting import (
    BOTTOM,
    HEIGHT,
    LEADING,
    LEFT,
    MUTED,
    RED,
    RIGHT,
    RULE,
    SIZE,
    TOP,
    WIDTH,
    Sheet,
    lines,
)
from certificates.papers.letter.wording import Words, words

LABEL, CODE = 84.0, 70.0


def draw(notice: Notice) -> bytes:
    with one_document_at_a_time:
        opened(REGULAR)
        sheet, feet = Sheet(), []
        for language in (0, 1):
            before, told = len(sheet.pages), words(notice, language)
            _letter(sheet, notice, told, language)
            feet += [told.foot] * (len(sheet.pages) - before)
        return _drawn(sheet, feet, notice)


def _letter(sheet: Sheet, notice: Notice, told: Words, language: int) -> None:
    sheet.page()
    _head(sheet, notice.issuer, told)
    indent = SIZE * 2 if language == 0 else 0
    sheet.paragraph(told.greeting)
    sheet.paragraph(told.opening, indent=indent)
    _facts(sheet, told.facts)
    for heading, text in told.sections:
        sheet.heading(heading, min(len(lines(text, RIGHT - LEFT, SIZE, indent)), 2) * SIZE * LEADING)
        sheet.paragraph(text, indent=indent)
    _closing(sheet, notice, told)


def _head(sheet: Sheet, issuer: str, told: Words) -> None:
    """The name of the house in red over a red line, as Chinese authorities write; then number and title."""
    name = fit_line(drawable(issuer), RIGHT - LEFT, (25, 8))
    sheet.put(WIDTH / 2, TOP - 24, name.lines[0], name.size, bold=True, colour=RED, align="centre")
    sheet.rule(TOP - 42, 1.8, RED)
    sheet.rule(TOP - 45, 0.5, RED)
    number = fit_line(told.number, RIGHT - LEFT, (9.5, 5))
    sheet.put(RIGHT, TOP - 60, number.lines[0], number.size, colour=MUTED, align="right")
    if told.demonstration:
        sheet.put(LEFT, TOP - 60, told.demonstration, 9, bold=True, colour=RED)
    sheet.put(WIDTH / 2, TOP - 100, told.title, 18, bold=True, align="centre", spacing=1.5)
    sheet.y = TOP - 118


def _facts(sheet: Sheet, facts: tuple[tuple[str, str], ...]) -> None:
    sheet.y -= 8
    for label, value in facts:
        top = sheet.y
        sheet.put(LEFT + 8, top - 14, label, 9.5, colour=MUTED)
        for line in lines(value, RIGHT - LEFT - LABEL - 12, SIZE):
            sheet.y -= 14
            sheet.put(LEFT + LABEL, sheet.y, line, SIZE)
        sheet.y -= 5
        sheet.rule(sheet.y, 0.4, RULE)
    sheet.y -= 2


def _closing(sheet: Sheet, notice: Notice, told: Words) -> None:
    sheet.room(CODE + 44)
    sheet.y -= 22
    top = sheet.y
    sheet.add(lambda canvas: draw_code(canvas, notice.address, LEFT, top - CODE, CODE))
    sheet.put(LEFT, top - CODE - 11, told.code, 7.5, colour=MUTED)
    for number, text in enumerate(told.closing):
        line = fit_line(drawable(text), RIGHT - LEFT - CODE - 40, (SIZE, 4))
        y = top - 20 - number * SIZE * LEADING
        sheet.put(RIGHT, y, line.lines[0], line.size, align="right")
    sheet.y = top - CODE - 14


def _drawn(sheet: Sheet, feet: list[str], notice: Notice) -> bytes:
    page = BytesIO()
    canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
    canvas.setTitle(drawable(f"{words(notice, 0).title} {notice.number}"))
    canvas.setAuthor(drawable(notice.issuer))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, steps in enumerate(sheet.pages, 1):
        for step in steps:
            step(canvas)
        canvas.setFillColorRGB(*MUTED)
        foot = fit_line(f"{feet[number - 1]} · {number} / {len(sheet.pages)}", RIGHT - LEFT, (7.5, 3))
        draw_line(canvas, WIDTH / 2, BOTTOM - 34, foot.lines[0], foot.size, align="centre")
        canvas.showPage()
    canvas.save()
    return page.getvalue()
