"""The words of a certificate, its photo and its code put on a page by reportlab alone: no tags, no check, one font.

It is what others do at the least: the font parsed once for each process, the glyphs used embedded in each file.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

import segno
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import certificates.fonts
from certificates.drawing.face import CertificateFace

FONT = "BarePage"
rl_config.useA85 = 0  # photo and fonts as they are, not as letters: a third larger and six times as slow


@cache
def _font() -> str:
    file = Path(certificates.fonts.__file__).with_name("NotoSerifSC-Regular.ttf")
    pdfmetrics.registerFont(TTFont(FONT, file))
    return FONT


def bare_page(face: CertificateFace) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, A4, pageCompression=1)
    font, y = _font(), 760.0
    for text in (*(text for _place, text in face.template.texts()), *face.texts()):
        canvas.setFont(font, 12)
        canvas.drawString(60, y, text)
        y -= 20
    if face.photo:
        canvas.drawImage(ImageReader(BytesIO(face.photo)), 440, 560, 100, 140)
    for row, line in enumerate(segno.make(face.verification_url, error="m").matrix):
        column = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                canvas.rect(60 + 3 * column, 200 - 3 * row, 3 * length, 3, stroke=0, fill=1)
            column += length
    canvas.showPage()
    canvas.save()
    return file.getvalue()
