"""Pages that stand for proofs of training and recommendations, and say themselves that they prove nothing."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageDraw, ImageFont

from app.schemes.scheme import Level

_PAGE = (827, 1169)
_FONT = "NotoSerifSC-Regular.ttf"


def training_proof(level: Level) -> bytes:
    hours = _("Completed: %(hours)s hours of training", hours=level.training_hours)
    return _page(_("Proof of training"), [level.scheme, f"{level.name} {level.name_en}", hours])


def recommendation(level: Level, employer: str, day: str) -> bytes:
    return _page(_("Employer's recommendation"), [level.scheme, f"{level.name} {level.name_en}", employer, day])


def _page(title: str, lines: list[str]) -> bytes:
    image = Image.new("L", _PAGE, 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((50, 50, _PAGE[0] - 50, _PAGE[1] - 50), outline=90, width=2)
    draw.text((_PAGE[0] / 2, 180), title, font=_font(46), fill=20, anchor="mm")
    for place, line in enumerate(lines):
        draw.text((110, 300 + 60 * place), line, font=_font(26), fill=40)
    note = _("Demonstration only: this page certifies nothing.")
    draw.text((_PAGE[0] / 2, _PAGE[1] - 110), note, font=_font(22), fill=110, anchor="mm")
    kept = BytesIO()
    image.save(kept, "PDF", resolution=100)
    return kept.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("certificates.fonts") / _FONT), size)
