"""Photos of people: read with suspicion, kept small and free of anything but the picture."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from app.core.errors import N_, Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIZE = (200, 280)
KEPT_SIZE = (400, 560)


def clean_photo(data: bytes) -> bytes:
    """The same picture as a JPEG of at most 400 × 560 pixels, upright, without metadata."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reduced(data)
    except Refusal:
        raise
    except Exception as problem:  # hostile files make decoders raise nearly anything
        raise Refusal(
            "photo_unreadable",
            N_("This file is not a JPEG or PNG picture that can be read. Save the photo as JPEG and upload it again."),
        ) from problem


def _reduced(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_large()
        _refuse_tiny(image)
        image.draft("RGB", (KEPT_SIZE[0] * 2, KEPT_SIZE[1] * 2))
        upright = ImageOps.exif_transpose(image)
        picture = _on_white(upright)
    picture.thumbnail(KEPT_SIZE, Image.Resampling.LANCZOS)
    picture.info.clear()  # comments and profiles travel there
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=90, optimize=True, exif=b"")
    return kept.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    sheet = Image.new("RGB", layer.size, "white")
    sheet.paste(layer, mask=layer.getchannel("A"))
    return sheet


def _refuse_tiny(image: Image.Image) -> None:
    """The longer and the shorter side are compared, for the picture may still lie on its side."""
    short, long = sorted(image.size)
    if short < LEAST_SIZE[0] or long < LEAST_SIZE[1]:
        raise Refusal(
            "photo_too_small",
            N_("The photo has %(width)s × %(height)s pixels. It needs at least %(least_width)s × %(least_height)s."),
            width=image.width,
            height=image.height,
            least_width=LEAST_SIZE[0],
            least_height=LEAST_SIZE[1],
        )


def _too_large() -> Refusal:
    return Refusal(
        "photo_too_large",
        N_("The photo is too large. Upload one of at most %(megabytes)s MB and %(megapixels)s million pixels."),
        megabytes=MOST_BYTES // (1024 * 1024),
        megapixels=MOST_PIXELS // 1_000_000,
    )
