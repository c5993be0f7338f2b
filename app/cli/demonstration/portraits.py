"""Drawn portraits that pass for identity photos and show nobody."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

VARIETIES = 24
_SIZE = (400, 560)
_SKIN = ("#f2d3b8", "#e9c3a2", "#d9ad88", "#f6dcc6")
_HAIR = ("#1d1a18", "#2b211b", "#3a2c22")
_CLOTHES = ("#22394d", "#4a2f3d", "#2f4a3a", "#3b3b46", "#5a3c2a", "#283a66")
_GROUND = ("#d7e6f2", "#eef2f5", "#dbe9e4")


def portrait(index: int) -> bytes:
    return _drawn(index % VARIETIES)


@cache
def _drawn(kind: int) -> bytes:
    image = Image.new("RGB", (_SIZE[0] * 2, _SIZE[1] * 2), _GROUND[kind % 3])
    draw = ImageDraw.Draw(image)
    skin, hair, clothes = _SKIN[kind % 4], _HAIR[kind % 3], _CLOTHES[kind % 6]
    if kind % 2:
        draw.rounded_rectangle((210, 250, 590, 860), 190, fill=hair)  # long hair falls behind the shoulders
    draw.rounded_rectangle((335, 640, 465, 900), 60, fill=skin)
    draw.ellipse((60, 800, 740, 1500), fill=clothes)
    draw.polygon([(320, 815), (480, 815), (400, 960)], fill="#f7f7f5")
    draw.rounded_rectangle((340, 740, 460, 850), 60, fill=skin)
    draw.ellipse((240, 270, 560, 720), fill=skin)
    draw.chord((225, 225, 575, 640), 178 + kind % 5, 362 - kind % 5, fill=hair)
    draw.ellipse((260, 380, 540, 480), fill=skin)
    _face(draw, kind)
    kept = BytesIO()
    image.resize(_SIZE, Image.Resampling.LANCZOS).save(kept, "JPEG", quality=88)
    return kept.getvalue()


def _face(draw: ImageDraw.ImageDraw, kind: int) -> None:
    for x in (330, 470):
        draw.ellipse((x - 15, 478, x + 15, 506), fill="#2a2320")
        draw.arc((x - 38, 430, x + 38, 480), 200, 340, fill="#3a2c22", width=9)
        if kind % 4 == 3:
            draw.ellipse((x - 55, 445, x + 55, 545), outline="#33373b", width=7)
    draw.line([(400, 500), (392, 570), (408, 574)], fill="#b98d6e", width=6)
    draw.arc((345, 570, 455, 640), 25, 155, fill="#a8524c", width=9)
