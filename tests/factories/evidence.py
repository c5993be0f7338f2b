"""Pieces of evidence as a tablet sends them."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

from PIL import Image

from app.practical.marking.evidence import Piece
from tests.factories import sounds

WAV = sounds.wav()


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "teal").save(kept, kind)
    return kept.getvalue()


def photo(**more: object) -> Piece:
    return Piece(**{"client_key": uuid4(), "criterion": "J03", "kind": "photo", "content": picture(), **more})  # type: ignore[arg-type]


def recording(**more: object) -> Piece:
    return photo(**{"kind": "audio", "content": WAV, **more})
