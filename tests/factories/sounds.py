"""Short recordings of every make, from their parts."""

from __future__ import annotations

import wave
from io import BytesIO


def wav(frames: int = 160) -> bytes:
    kept = BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * frames))
    return kept.getvalue()


def ogg(codec: bytes = b"OpusHead") -> bytes:
    return _page(2, codec + bytes(11)) + _page(0, b"OpusTags" + bytes(8))


def flac() -> bytes:
    return b"fLaC" + b"\x80\0\0\x22" + bytes(34) + b"\xff\xf8" + bytes(20)


def mp3(tag: int = 0) -> bytes:
    begins = b"ID3\x04\0\0" + bytes([0, 0, tag >> 7, tag & 0x7F]) + bytes(tag) if tag else b""
    return begins + (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def webm(codec: bytes = b"A_OPUS") -> bytes:
    return b"\x1aE\xdf\xa3\x9fB\x82\x84webm\x16T\xaek" + codec + b"\x1f\x43\xb6\x75" + bytes(40)


def mp4(handler: bytes = b"soun") -> bytes:
    return _box(b"ftyp", b"M4A ") + _box(b"moov", b"hdlr" + handler) + _box(b"mdat", bytes(60))


def _page(kind: int, content: bytes) -> bytes:
    return b"OggS\0" + bytes([kind]) + bytes(20) + bytes([1, len(content)]) + content


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content
