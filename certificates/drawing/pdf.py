"""Draws a certificate: values in, bytes out. The same face gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from certificates.drawing import wording
from certificates.drawing.ornament import HEIGHT, WIDTH, background
from certificates.drawing.pictures import GOLD, INK, PHOTO_SIZE, draw_code, draw_photo
from certificates.drawing.typefaces import BOLD, REGULAR, check, composed, one_document_at_a_time, opened
from certificates.drawing.typesetting import Setting, draw_line, draw_lines, fit, fit_line

RED, MUTED = (0.60, 0.10, 0.11), (0.36, 0.37, 0.40)
LEFT, RIGHT, MIDDLE = 82.0, WIDTH - 82.0, WIDTH / 2

rl_config.useA85 = 0


@dataclass(frozen=True)
class CertificateFace:
    """What a certificate shows."""

    holder_name: str
    photo: bytes | None  # a JPEG as app.core.images.clean_photo makes it
    scheme_name: str
    scheme_code: str
    level_name: str
    issued_on: date
    serial: str
    issuer_name: str
    verification_url: str
    demonstration: bool = False

    def texts(self) -> tuple[str, ...]:
        return (self.holder_name, self.scheme_name, self.scheme_code, self.level_name, self.serial, self.issuer_name)


def draw(face: CertificateFace) -> bytes:
    """The unsigned PDF: one A4 page, all fonts embedded."""
    for text in face.texts():
        check(composed(text))
    with one_document_at_a_time:
        return _drawn(face)


def _drawn(face: CertificateFace) -> bytes:
    for name in (REGULAR, BOLD):
        opened(name)
    page = BytesIO()
    canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
    _describe(canvas, face)
    canvas._code.append(background())  # type: ignore[attr-defined]
    if face.demonstration:
        _watermark(canvas)
    _heading(canvas, face)
    _fields(canvas, face)
    _award(canvas)
    _foot(canvas, face)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _describe(canvas: Canvas, face: CertificateFace) -> None:
    canvas.setTitle(f"{wording.TITLE} {composed(face.holder_name)} {face.serial}")
    canvas.setAuthor(face.issuer_name)
    canvas.setSubject(f"{face.scheme_name} {face.level_name} ({face.scheme_code})")
    canvas.setCreator(wording.DEMONSTRATION_EN if face.demonstration else face.issuer_name)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = canvas._doc._timeStamp  # type: ignore[attr-defined]
    stamp.YMDhms = (*face.issued_on.timetuple()[:3], 0, 0, 0)


def _heading(canvas: Canvas, face: CertificateFace) -> None:
    if face.demonstration:
        _demonstration_notice(canvas)
    canvas.setFillColorRGB(*INK)
    issuer = fit_line(composed(face.issuer_name), RIGHT - LEFT, (14, 4))
    spacing = 1.5 if issuer.size == 14 and len(face.issuer_name) < 24 else 0
    draw_line(canvas, MIDDLE, 728, issuer.lines[0], issuer.size, font=issuer.font, spacing=spacing, align="centre")
    canvas.setFillColorRGB(*RED)
    draw_line(canvas, MIDDLE, 664, wording.TITLE, 44, font=BOLD, spacing=9, align="centre")
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, MIDDLE, 640, wording.TITLE_EN, 10.5, spacing=1.8, align="centre")
    _rule(canvas, 622)


def _demonstration_notice(canvas: Canvas) -> None:
    canvas.setFillColorRGB(*RED)
    canvas.rect(LEFT - 16, 752, RIGHT - LEFT + 32, 34, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    draw_line(canvas, MIDDLE, 771, wording.DEMONSTRATION, 11, font=BOLD, spacing=1, align="centre")
    draw_line(canvas, MIDDLE, 759, wording.DEMONSTRATION_EN, 7.5, align="centre")


def _watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillColorRGB(0.975, 0.92, 0.915)
    canvas.translate(MIDDLE, 380)
    canvas.rotate(35)
    draw_line(canvas, 0, -60, wording.WATERMARK, 190, font=BOLD, spacing=40, align="centre")
    canvas.restoreState()


def _rule(canvas: Canvas, y: float) -> None:
    """A thin line with a diamond in its middle."""
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setFillColorRGB(*GOLD)
    canvas.setLineWidth(0.6)
    canvas.line(MIDDLE - 120, y, MIDDLE - 9, y)
    canvas.line(MIDDLE + 9, y, MIDDLE + 120, y)
    diamond = canvas.beginPath()
    diamond.moveTo(MIDDLE - 4.5, y)
    for x, height in ((MIDDLE, y + 4.5), (MIDDLE + 4.5, y), (MIDDLE, y - 4.5)):
        diamond.lineTo(x, height)
    diamond.close()
    canvas.drawPath(diamond, stroke=0, fill=1)


def _fields(canvas: Canvas, face: CertificateFace) -> None:
    top, left = 588.0, LEFT
    if face.photo is not None:
        draw_photo(canvas, face.photo, LEFT, top)
        left = LEFT + PHOTO_SIZE[0] + 30
    scheme = f"{composed(face.scheme_name)}（{composed(face.scheme_code)}）"
    rows = (
        (wording.NAME, composed(face.holder_name), 58.0, 26.0),
        (wording.SCHEME, scheme, 36.0, 15.0),
        (wording.LEVEL, composed(face.level_name), 28.0, 15.0),
        (wording.SERIAL, composed(face.serial), 28.0, 13.0),
    )
    for label, value, height, size in rows:
        top -= height
        _field(canvas, (left, top, height), label, value, size)
        top -= 6


def _field(canvas: Canvas, box: tuple[float, float, float], label: tuple[str, str], value: str, size: float) -> None:
    """Label in two languages, then the value on a line: shrunk and wrapped upwards, never past its box."""
    left, bottom, height = box
    start = left + 76
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, left, bottom + 13, label[0], 11.5, font=BOLD, spacing=11.5 if len(label[0]) == 2 else 0)
    draw_line(canvas, left, bottom + 4, label[1], 7)
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setLineWidth(0.5)
    canvas.line(start, bottom, RIGHT, bottom)
    canvas.setFillColorRGB(*INK)
    setting = fit(value, (RIGHT - start - 8, height - 4), (size, 4))
    y = bottom + 7 if len(setting.lines) == 1 else bottom + 3 + setting.size * 0.25
    draw_lines(canvas, start + 4, y, setting)


def _award(canvas: Canvas) -> None:
    canvas.setFillColorRGB(*INK)
    draw_line(canvas, MIDDLE, 352, wording.AWARD, 15, font=BOLD, spacing=0.6, align="centre")
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, MIDDLE, 333, wording.AWARD_EN, 8.5, align="centre")
    _rule(canvas, 306)


def _foot(canvas: Canvas, face: CertificateFace) -> None:
    draw_code(canvas, face.verification_url, LEFT, 156, 96)
    canvas.setFillColorRGB(*INK)
    draw_line(canvas, LEFT + 48, 142, wording.SCAN, 9.5, font=BOLD, spacing=2, align="centre")
    canvas.setFillColorRGB(*MUTED)
    draw_line(canvas, LEFT + 48, 132, wording.SCAN_EN, 7, align="centre")
    _signature_block(canvas, face)
    draw_line(canvas, MIDDLE, 102, wording.SEALED, 7.5, align="centre")
    draw_line(canvas, MIDDLE, 91, wording.SEALED_EN, 6.5, align="centre")
    address = fit_line(face.verification_url, RIGHT - LEFT, (7, 3))
    draw_line(canvas, MIDDLE, 78, address.lines[0], address.size, align="centre")


def _signature_block(canvas: Canvas, face: CertificateFace) -> None:
    """Who issued it and when, at the right as a seal would stand."""
    left = LEFT + 200
    day = face.issued_on
    issuer = fit(composed(face.issuer_name), (RIGHT - left - 76 - 8, 34), (14, 4))
    rows = (
        (208.0, wording.ISSUER, issuer, ""),
        (160.0, wording.ISSUED_ON, Setting((f"{day.year}年{day.month}月{day.day}日",), 14.0), _english(day)),
    )
    for y, label, value, below in rows:
        canvas.setFillColorRGB(*MUTED)
        draw_line(canvas, left, y, label[0], 11.5, font=BOLD)
        draw_line(canvas, left, y - 10, label[1], 7)
        draw_line(canvas, left + 80, y - 11, below, 8)
        canvas.setFillColorRGB(*INK)
        draw_lines(canvas, left + 80, y, value)
    canvas.setFillColorRGB(*MUTED)


def _english(day: date) -> str:
    return f"{day.day} {wording.MONTHS[day.month - 1]} {day.year}"
