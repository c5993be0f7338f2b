"""A certificate as a picture, to look at on a page."""

from __future__ import annotations

from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]

from app.core import heavy

_one_at_a_time = heavy.lock()
"""The library draws one page at a time."""


def picture(pdf: bytes, *, dots_per_inch: int = 96) -> bytes:
    """The first page as PNG."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            image = document[0].render(scale=dots_per_inch / 72).to_pil()
        finally:
            document.close()
    kept = BytesIO()
    image.save(kept, "PNG", compress_level=3)
    return kept.getvalue()
