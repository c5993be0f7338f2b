"""A certificate from its top to its foot, in the order in which it is read."""

from __future__ import annotations

from dataclasses import replace

from certificates.drawing import wording
from certificates.drawing.face import CertificateFace
from certificates.drawing.fields import draw_fields
from certificates.drawing.name_lines import fit_name
from certificates.drawing.ornament import SHADES
from certificates.drawing.page import ENGLISH, Page
from certificates.drawing.pictures import INK, code_operators
from certificates.drawing.places import Places
from certificates.drawing.stamp import RADIUS
from certificates.drawing.template import Accent, What, Words
from certificates.drawing.typefaces import BOLD, composed, width
from certificates.drawing.typesetting import LEADING, Setting, fit, fit_line

MUTED, WHITE = (0.36, 0.37, 0.40), (1.0, 1.0, 1.0)
NOTICE = (0.60, 0.10, 0.11)
ACCENTS = {
    Accent.RED: (0.66, 0.09, 0.11),
    Accent.BLUE: (0.09, 0.22, 0.47),
    Accent.GREEN: (0.06, 0.32, 0.24),
    Accent.BROWN: (0.38, 0.22, 0.10),
}


def draw_page(page: Page, face: CertificateFace, places: Places) -> None:
    if face.demonstration:
        _notice(page, places)
    if face.template.seal.shown:
        _seal_under(page, face, places)
    _heading(page, face, places)
    draw_fields(page, face, places)
    _award(page, face, places)
    _signed(page, face, places)
    _code(page, face, places)
    _notes(page, face, places)


def _notice(page: Page, at: Places) -> None:
    shade = "{:g} {:g} {:g}".format(*NOTICE)
    left, high = at.left - 16, 34
    page.ornament(f"{shade} rg {left:g} {at.banner:g} {at.size[0] - 2 * left:.2f} {high} re f")
    page.text("P", at.middle, at.banner + 19, wording.DEMONSTRATION, 11, WHITE, font=BOLD, align="centre")
    page.text("P", at.middle, at.banner + 7.5, wording.DEMONSTRATION_EN, 7.5, WHITE, align="centre", lang=ENGLISH)


def _heading(page: Page, face: CertificateFace, at: Places) -> None:
    title, accent = face.template.title, ACCENTS[face.template.accent]
    issuer = fit_line(composed(face.issuer_name), at.right - at.left, (15, 4))
    spacing = 2.0 if issuer.size == 15 and len(face.issuer_name) < 22 else 0
    text = issuer.lines[0]
    page.text("P", at.middle, at.issuer, text, issuer.size, INK, font=issuer.font, spacing=spacing, align="centre")
    size, apart = _title_size(title.zh, at)
    page.text("H1", at.middle, at.title, title.zh, size, accent, font=BOLD, spacing=apart, align="centre")
    if face.template.english and title.en:
        english = fit_line(title.en, (at.right - at.left) * 0.8, (10.5, 4))
        page.text(
            "P", at.middle, at.title_en, title.en, english.size, MUTED, spacing=english.size * 0.17, align="centre",
            lang=ENGLISH,
        )  # fmt: skip
    for y in at.rules:
        page.ornament(_rule(face, at.middle, y))


def _title_size(title: str, at: Places) -> tuple[float, float]:
    """As large as the page allows, with room between the letters of a short one."""
    apart = 0.22 if len(title) < 8 else 0.08
    ems = width(title, 1, BOLD) + apart * (len(title) - 1)
    size = min(at.title_size, (at.right - at.left) / ems)
    return size, size * apart


def _rule(face: CertificateFace, middle: float, y: float) -> str:
    """A thin line with a diamond in its middle."""
    line = SHADES[face.template.ornament].line
    sides = f"{middle - 120:.2f} {y:g} m {middle - 9:.2f} {y:g} l {middle + 9:.2f} {y:g} m {middle + 120:.2f} {y:g} l S"
    corners = ((middle - 4.5, y), (middle, y + 4.5), (middle + 4.5, y), (middle, y - 4.5))
    diamond = " ".join(f"{x:.2f} {high:.2f} {'l' if place else 'm'}" for place, (x, high) in enumerate(corners))
    return f"{line} RG {line} rg 0.6 w {sides} {diamond} h f"


def _award(page: Page, face: CertificateFace, at: Places) -> None:
    """The lines of the award together in their box, shrunk alike until all fit."""
    lines = [one.filled(face.values()) for one in face.template.award]
    wide, (top, bottom) = at.right - at.left, at.award
    size = 15.0
    while True:
        blocks = [block for line in lines for block in _award_blocks(line, face.template.english, wide, size)]
        used = sum(block.height * 1.12 for block, _english in blocks)
        if used <= top - bottom or size < 6:
            break
        size -= 0.5
    y = top - max(0.0, (top - bottom - used) / 2)
    for block, english in blocks:
        y -= block.height * 1.12
        where = y + block.size * 0.35
        colour, lang = (MUTED, ENGLISH) if english else (INK, "")
        page.setting("P", at.middle, where, block, colour, align="centre", lang=lang)


def _award_blocks(words: Words, english: bool, wide: float, size: float) -> list[tuple[Setting, bool]]:
    chinese = replace(fit(composed(words.zh), (wide * 0.98, size * LEADING * 3), (size, 4)), font=BOLD)
    if not (english and words.en):
        return [(chinese, False)]
    return [(chinese, False), (fit(composed(words.en), (wide, size * LEADING * 2), (size * 0.57, 3)), True)]


def _signed(page: Page, face: CertificateFace, at: Places) -> None:
    """Who issued it and when, where the seal stands."""
    left, top = at.signed
    issuer = fit_name(composed(face.issuer_name), (at.right - left - 78, 32), (14, 4))
    day = Setting((face.value(What.ISSUED_ON)[0],), 14.0)
    below = face.value(What.ISSUED_ON)[1] if face.template.english else ""
    for y, (zh, en), value, more in ((top, wording.ISSUER, issuer, ""), (top - 46, wording.ISSUED_ON, day, below)):
        page.text("P", left, y, zh, 11.5, MUTED, font=BOLD)
        if face.template.english:
            page.text("P", left, y - 10, en, 7, MUTED, lang=ENGLISH)
        page.setting("P", left + 76, y, value, INK)
        page.text("P", left + 76, y - 11, more, 8, MUTED, lang=ENGLISH)


def _seal_under(page: Page, face: CertificateFace, at: Places) -> None:
    """Before the words that it lies across, so that they can be read."""
    x, y = at.seal
    alt = wording.SEAL_ALT.format(name=seal_words(face)[0])
    box = f"{x - RADIUS - 2:.2f} {y - RADIUS - 2:.2f} {x + RADIUS + 2:.2f} {y + RADIUS + 2:.2f}"
    with page.element("Figure", alt=alt, more=_box(box)):
        page.piece(f"q 1 0 0 1 {x:.2f} {y:.2f} cm /Seal Do Q")


def seal_words(face: CertificateFace) -> tuple[str, str]:
    """Round the star and below it."""
    body = face.template.seal
    below = wording.SEAL_BELOW_DEMONSTRATION if face.demonstration else body.below or wording.SEAL_BELOW
    return body.text or composed(face.issuer_name), below


def _code(page: Page, face: CertificateFace, at: Places) -> None:
    x, y, side = at.code
    alt = wording.CODE_ALT.format(address=face.verification_url)
    with page.element("Figure", alt=alt, more=_box(f"{x:g} {y:g} {x + side:g} {y + side:g}")):
        page.piece(code_operators(face.code or face.verification_url, x, y, side))
    middle, size = x + side / 2, side / 10.3
    page.text("P", middle, y - 13.5, wording.SCAN, size, INK, font=BOLD, spacing=2, align="centre")
    if face.template.english:
        page.text("P", middle, y - 23, wording.SCAN_EN, 7, MUTED, align="centre", lang=ENGLISH)


def _notes(page: Page, face: CertificateFace, at: Places) -> None:
    left, right, y = at.notes
    middle, wide = (left + right) / 2, right - left
    notes = [one.filled(face.values()) for one in face.template.notes]
    if face.template.seal.shown:
        notes.append(Words(zh=wording.DRAWN_SEAL, en=wording.DRAWN_SEAL_EN))
    lines = [(one.zh, 7.2, "") for one in notes]
    lines += [(one.en, 6.3, ENGLISH) for one in notes if one.en and face.template.english]
    lines.append((face.verification_url, 7.0, ""))
    step = min(10.4, (y - 58) / max(len(lines) - 1, 1))
    for text, size, lang in lines:
        one = fit_line(composed(text), wide, (min(size, step * 0.85), 2))
        page.text("P", middle, y, one.lines[0], one.size, MUTED, font=one.font, align="centre", lang=lang)
        y -= step


def _box(corners: str) -> str:
    return f"/A << /O /Layout /BBox [{corners}] /Placement /Block >>"
