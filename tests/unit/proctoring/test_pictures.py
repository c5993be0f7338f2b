"""Pictures become small, stay readable, and carry nothing else."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from PIL import Image

from app.core.errors import Refusal
from proctoring import pictures


def jpeg(size: tuple[int, int] = (1920, 1080), *, noise: bool = False, quality: int = 60) -> bytes:
    image = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)) if noise else Image.new("RGB", size, "teal")
    kept, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "secret words"
    image.save(kept, "JPEG", quality=quality, exif=exif, comment=b"secret words")
    return kept.getvalue()


@pytest.mark.parametrize(
    "size, noise", [((1920, 1080), False), ((640, 480), True), ((320, 200), False), ((600, 700), True)]
)
def test_at_most_60_kb_and_nothing_but_the_picture(size: tuple[int, int], noise: bool) -> None:
    sent = jpeg(size, noise=noise, quality=30)
    assert b"secret words" in sent
    kept = pictures.reduced(sent)
    assert len(kept) <= pictures.MOST_KEPT
    assert b"secret words" not in kept
    with Image.open(BytesIO(kept)) as read:
        assert read.format == "JPEG"
        assert abs(read.width / read.height - size[0] / size[1]) < 0.05


def test_what_is_no_picture_is_refused() -> None:
    png = BytesIO()
    Image.new("RGB", (50, 50)).save(png, "PNG")
    for content in (b"", b"no picture", png.getvalue(), jpeg()[:500], jpeg((8, 8))):
        with pytest.raises(Refusal) as refused:
            pictures.reduced(content)
        assert refused.value.code == "capture_unreadable"
    with pytest.raises(Refusal) as refused:
        pictures.reduced(b"x" * (pictures.MOST_SENT + 1))
    assert refused.value.code == "capture_too_large"
