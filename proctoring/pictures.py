"""Pictures from a candidate's computer: read with suspicion, kept small and free of anything but the picture."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image

from app.core.errors import N_, Refusal

MOST_SENT = 400 * 1024
MOST_KEPT = 60 * 1024
MOST_PIXELS = 12_000_000
SIZES = ((1280, 960), (960, 720), (640, 480), (480, 360), (320, 240))
QUALITIES = (70, 50, 35)


def reduced(data: bytes) -> bytes:
    """The same picture as a JPEG of at most 60 kB, without metadata."""
    if len(data) > MOST_SENT:
        raise Refusal("capture_too_large", N_("The picture is too large to be taken in."), status=413)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("JPEG",)) as image:
                if image.width * image.height > MOST_PIXELS or min(image.size) < 16:
                    raise ValueError("no size of a picture")
                image.draft("RGB", SIZES[0])
                picture = image.convert("RGB")
        return _smallest_loss(picture)
    except Exception as problem:  # hostile files make decoders raise nearly anything
        raise Refusal("capture_unreadable", N_("This is no JPEG picture that can be read.")) from problem


def _smallest_loss(picture: Image.Image) -> bytes:
    picture.info.clear()  # comments and profiles travel there
    for size in SIZES:
        picture.thumbnail(size, Image.Resampling.BILINEAR)
        for quality in QUALITIES:
            kept = BytesIO()
            picture.save(kept, "JPEG", quality=quality, exif=b"")
            if kept.tell() <= MOST_KEPT:
                return kept.getvalue()
    raise ValueError("no picture of that size becomes small enough")
