"""The holder's photo, and beside it what the certificate says of the holder, line by line."""

from __future__ import annotations

from certificates.drawing import wording
from certificates.drawing.face import CertificateFace
from certificates.drawing.name_lines import fit_name
from certificates.drawing.ornament import SHADES
from certificates.drawing.page import ENGLISH, Page
from certificates.drawing.pictures import INK, look
from certificates.drawing.places import Places
from certificates.drawing.template import FieldLine, What
from certificates.drawing.typefaces import BOLD, composed
from certificates.drawing.typesetting import fit, fit_line

MUTED = (0.36, 0.37, 0.40)
LABELS, GAP = 78.0, 7.0
HEIGHTS = {What.HOLDER: 50.0, What.SCHEME: 32.0}
SIZES = {What.HOLDER: 27.0, What.SCHEME: 15.5, What.LEVEL: 15.5, What.SERIAL: 14.0}


def draw_fields(page: Page, face: CertificateFace, at: Places) -> None:
    """Shrunk alike until they fit; fewer lines stand in the middle of the photo's height."""
    left, (top, bottom) = at.left, at.fields
    if face.template.photo and face.photo is not None:
        _photo(page, face, face.photo, at)
        left += at.photo[0] + 30
    rows = [(one, _height(one, face)) for one in face.template.fields]
    wanted = sum(height + GAP for _one, height in rows)
    scale = min(1.0, (top - bottom) / wanted)
    y = top - max(0.0, at.photo[1] - wanted * scale) / 2
    with page.element("Table"):
        for one, height in rows:
            y -= height * scale
            _row(page, face, one, (left, y, at.right, height * scale))
            y -= GAP * scale


def _value(face: CertificateFace, what: What) -> tuple[str, str]:
    """The standard's number stands with its name, unless it has a line of its own."""
    zh, en = face.value(what)
    if what == What.SCHEME and What.CODE not in [one.what for one in face.template.fields]:
        zh = f"{zh}（{face.scheme_code}）"
    return zh, en


def _height(one: FieldLine, face: CertificateFace) -> float:
    english = 6.0 if face.template.english and face.value(one.what)[1] else 0.0
    return HEIGHTS.get(one.what, 27.0) + english


def _row(page: Page, face: CertificateFace, one: FieldLine, box: tuple[float, float, float, float]) -> None:
    """Label in two languages, then the value on a line: shrunk and wrapped upwards, never past its box."""
    left, bottom, right, height = box
    line, start = SHADES[face.template.ornament].line, left + LABELS
    page.ornament(f"{line} RG 0.5 w {start:.2f} {bottom:.2f} m {right:.2f} {bottom:.2f} l S")
    zh, en = _value(face, one.what)
    english = en if face.template.english else ""
    with page.element("TR"):
        with page.element("TH", more="/A << /O /Table /Scope /Row >>"):
            _label(page, face, one, left, bottom, height)
        with page.element("TD"):
            lift = 9.5 if english else 0.0
            room = (right - start - 8, height - 4 - lift)
            wanted = min(SIZES.get(one.what, 13.5), room[1] / 1.1)
            setting = (fit_name if one.what == What.HOLDER else fit)(zh, room, (wanted, 3))
            y = bottom + lift + (min(7.0, height * 0.22) if len(setting.lines) == 1 else 3 + setting.size * 0.25)
            y -= 1.5 if english else 0
            page.setting("Span", start + 4, y, setting, INK, said=zh if len(setting.lines) > 1 else "")
            if english:
                small = fit_line(english, room[0], (8, 2))
                page.text("Span", start + 4, bottom + 3.6, english, small.size, MUTED, font=small.font, lang=ENGLISH)


def _label(page: Page, face: CertificateFace, one: FieldLine, left: float, bottom: float, height: float) -> None:
    both = face.template.english and one.en
    size = fit_line(composed(one.zh), LABELS - 8, (min(11.5, height * 0.48), 4)).size
    spacing = size if len(one.zh) == 2 else 0
    y = bottom + (min(13.0, height * 0.5) if both else min(7.0, height * 0.25))
    page.text("Span", left, y, composed(one.zh), size, MUTED, font=BOLD, spacing=spacing)
    if both:
        small = fit_line(composed(one.en), LABELS - 4, (min(7.2, height * 0.3), 3))
        page.text("Span", left, bottom + min(4.0, height * 0.14), composed(one.en), small.size, MUTED, lang=ENGLISH)


def _photo(page: Page, face: CertificateFace, photo: bytes, at: Places) -> None:
    """Whole and undistorted in its frame."""
    wide, high = at.photo
    columns, lines = look(photo).size
    scale = min(wide / columns, high / lines)
    x, y = at.left + (wide - columns * scale) / 2, at.fields[0] - high + (high - lines * scale) / 2
    line = SHADES[face.template.ornament].line
    alt = wording.PHOTO_ALT.format(holder=composed(face.holder_name))
    corners = f"{at.left:.2f} {at.fields[0] - high:.2f} {at.left + wide:.2f} {at.fields[0]:.2f}"
    with page.element("Figure", alt=alt, more=f"/A << /O /Layout /BBox [{corners}] /Placement /Block >>"):
        page.piece(f"q {columns * scale:.3f} 0 0 {lines * scale:.3f} {x:.3f} {y:.3f} cm /Photo Do Q")
    frame = f"{at.left - 3:.2f} {at.fields[0] - high - 3:.2f} {wide + 6:.2f} {high + 6:.2f} re S"
    page.ornament(f"{line} RG 0.8 w {frame}")
