"""A small page to sign, where what stands on it does not matter."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def bare_pdf(words: str = "Certificate") -> bytes:
    written = BytesIO()
    page = Canvas(written, pagesize=(300, 200), invariant=True)
    page.drawString(40, 100, words)
    page.save()
    return written.getvalue()
