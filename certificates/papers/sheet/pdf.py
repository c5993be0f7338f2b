"""Draws rubric sheets, empty or filled, each on pages of its own: values in, bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from app.practical.marking.rubric import Rubric, RubricSheet
from certificates.drawing.pictures import INK, draw_code
from certificates.drawing.typefaces import REGULAR, drawable, one_document_at_a_time, opened
from certificates.drawing.typesetting import draw_line
from certificates.papers.record.layout import HEIGHT, MUTED, RED, RIGHT, WIDTH, Flow
from certificates.papers.sheet import wording
from certificates.papers.sheet.sections import area_table, deduction_table, plain

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class SheetFace:
    """What one sheet shows. Without `awarded` it is empty, to be filled in by hand."""

    scheme: str
    level: str
    version: str
    rubric: Rubric
    session: str = ""
    seat: str = ""
    candidate: str = ""
    place: str = ""
    rater: str = ""
    awarded: Mapping[str, Decimal] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    signed_at: datetime | None = None
    demonstration: bool = False
    code: str = ""
    """The sheet's own number, by which what is written on it is typed in later."""
    address: str = ""
    """Where that is done; printed as a QR code beside the number."""


def draw(faces: Sequence[SheetFace], title: str = wording.TITLE) -> bytes:
    """One document of all of them; the same values give the same bytes."""
    with one_document_at_a_time:
        opened(REGULAR)
        page = BytesIO()
        canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
        canvas.setTitle(drawable(title))
        canvas.setSubject(wording.TITLE_EN)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        for face in faces:
            _pages(canvas, face, _laid_out(face))
        canvas.save()
        return page.getvalue()


def _laid_out(face: SheetFace) -> Flow:
    flow = Flow()
    flow.centred(wording.TITLE, 17, bold=True)
    flow.centred(wording.TITLE_EN, 9, colour=MUTED)
    if face.demonstration:
        flow.centred(wording.DEMONSTRATION, 9, bold=True, colour=RED)
    flow.space(6)
    _facts(flow, face)
    flow.text(wording.HOW.format(step=plain(face.rubric.step)), size=8, colour=MUTED)
    if any(criterion.critical for criterion in face.rubric.criteria):
        flow.text(wording.CRITICAL_NOTE, size=8, colour=MUTED)
    for area in face.rubric.areas:
        area_table(flow, face.rubric, area, face.awarded, face.notes)
    if face.rubric.deductions:
        deduction_table(flow, face.rubric, face.awarded)
    _totals(flow, face)
    return flow


def _facts(flow: Flow, face: SheetFace) -> None:
    names = ("scheme", "level", "version", "session", "seat", "candidate", "place", "rater")
    pairs = [(wording.FACTS[name], getattr(face, name)) for name in names]
    rows = [(*one, *two) for one, two in zip(pairs[::2], pairs[1::2], strict=True)]
    flow.table(rows, (4, 7, 4, 7), labels=True)


def _totals(flow: Flow, face: SheetFace) -> None:
    flow.heading(wording.TOTAL)
    values = ["", "", ""]
    if face.awarded is not None:
        sheet = RubricSheet(face.rubric, face.awarded)
        values = [plain(sheet.points()), plain(sheet.deducted()), plain(sheet.total())]
    full = plain(face.rubric.full_points())
    head = (f"{wording.TOTALS[0]} / {full}", wording.TOTALS[1], f"{wording.TOTALS[2]} / {full}")
    flow.table([values], (1, 1, 1), head)
    at = f"{face.signed_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" if face.signed_at else "\n\n"
    flow.table(
        [(wording.SIGN[0], face.rater if face.signed_at else "", wording.SIGN[1], at)], (4, 7, 4, 7), labels=True
    )


def _pages(canvas: Canvas, face: SheetFace, flow: Flow) -> None:
    who = " ".join(filter(None, (face.session, face.seat, face.candidate)))
    for number, steps in enumerate(flow.pages, 1):
        for step in steps:
            step(canvas)
        if face.code:
            _number(canvas, face)
        canvas.setFillColorRGB(*MUTED)
        foot = wording.FOOT.format(
            level=face.level, version=face.version, who=who, page=number, pages=len(flow.pages)
        )  # fmt: skip
        draw_line(canvas, WIDTH / 2, 34, drawable(foot), 7.5, align="centre")
        canvas.showPage()


def _number(canvas: Canvas, face: SheetFace) -> None:
    """On every page, above the text, so that a page that went astray finds its sheet again."""
    side = 40 if face.address else 0
    if face.address:
        draw_code(canvas, face.address, RIGHT - side, HEIGHT - 12 - side, side)
    canvas.setFillColorRGB(*INK)
    draw_line(canvas, RIGHT - side - 6, HEIGHT - 26, face.code, 11, align="right")
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, RIGHT - side - 6, HEIGHT - 37, wording.NUMBER, 6.5, align="right")
