"""Photos come out small, upright and bare, or not at all."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.core.errors import Refusal
from app.core.images import MOST_BYTES, clean_photo


def encoded(size: tuple[int, int] = (500, 700), kind: str = "JPEG", mode: str = "RGB", **how: Any) -> bytes:
    file = BytesIO()
    Image.new(mode, size, 0).save(file, kind, **how)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    "data",
    [
        encoded(),
        encoded(kind="PNG"),
        encoded(kind="PNG", mode="RGBA"),
        encoded(kind="PNG", mode="P"),
        encoded(kind="PNG", mode="1"),
        encoded(mode="CMYK"),
        encoded(mode="L"),
        encoded((4000, 3000)),
    ],
)
def test_every_usual_photo_becomes_a_small_jpeg(data: bytes) -> None:
    picture = opened(clean_photo(data))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.width <= 400
    assert picture.height <= 560


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6
    kept = clean_photo(encoded((700, 500), exif=exif, comment=b"secret"))
    assert b"taken at home" not in kept
    assert b"secret" not in kept
    assert opened(kept).height > opened(kept).width  # turned upright


def test_transparency_becomes_white() -> None:
    assert opened(clean_photo(encoded(kind="PNG", mode="RGBA"))).getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG of few bytes that claims 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(90_001)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_unreadable"),
        (b"<svg/>", "photo_unreadable"),
        (encoded(kind="GIF", mode="P"), "photo_unreadable"),
        (encoded()[:400], "photo_unreadable"),
        (bomb(), "photo_unreadable"),
        (encoded((100, 140)), "photo_too_small"),
        (encoded((8000, 7000), kind="PNG", mode="1"), "photo_too_large"),
        (bytes(MOST_BYTES + 1), "photo_too_large"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_photo(data)
    assert refused.value.code == code


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=80, deadline=None)
def test_damage_is_a_refusal_or_a_picture(position: int, damage: bytes) -> None:
    data = bytearray(encoded())
    position %= len(data)
    data[position : position + len(damage)] = damage
    try:
        cleaned = clean_photo(bytes(data))
    except Refusal:
        return
    assert opened(cleaned).format == "JPEG"
