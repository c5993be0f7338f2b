"""What a recording is, by its make and not by its first letters: a file that only begins like one is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_CLUSTER = b"\x1f\x43\xb6\x75"
_WEBM_SOUND = re.compile(rb"A_(?:OPUS|VORBIS|AAC|FLAC|PCM|MPEG)")
_WEBM_PICTURES = re.compile(rb"V_(?:VP[89]|AV1|MPEG|THEORA|QUICKTIME|MS/|UNCOMPRESSED)")
_MPEG_KBITS = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MPEG_RATES = (44_100, 48_000, 32_000)
_LOOK_FOR_FRAME, _LOOK_FOR_TRACK = 4096, 65_536


def sound_type(data: bytes) -> str | None:
    """The media type of a recording that can be played; None for everything else, pictures with sound included."""
    return next((kind for kind, fits in _KINDS.items() if fits(data)), None)


def _wav(data: bytes) -> bool:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return False
    chunks = dict(_chunks(data))
    form = chunks.get(b"fmt ", b"")
    channels, rate = int.from_bytes(form[2:4], "little"), int.from_bytes(form[4:8], "little")
    return len(form) >= 16 and channels > 0 and rate > 0 and bool(chunks.get(b"data"))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _ogg(data: bytes) -> bool:
    if data[:5] != b"OggS\0" or len(data) < 28:
        return False
    begins = 27 + data[26]
    follows = begins + sum(data[27:begins])
    spoken = data[begins:follows].startswith(_OGG_CODECS)
    return spoken and data[follows : follows + 4] == b"OggS" and b"theora" not in data[:4096]


def _flac(data: bytes) -> bool:
    if data[:4] != b"fLaC" or data[4:5] not in (b"\0", b"\x80") or data[5:8] != b"\0\0\x22":
        return False
    place, last = 4, False
    while not last and place + 4 <= len(data):
        last = data[place] >= 0x80
        place += 4 + int.from_bytes(data[place + 1 : place + 4], "big")
    return last and data[place : place + 1] == b"\xff" and data[place + 1 : place + 2] in (b"\xf8", b"\xf9")


def _mpeg(data: bytes) -> bool:
    """Two frames that follow one another, behind the tag if there is one."""
    begins = 0
    if data[:3] == b"ID3" and len(data) > 10:
        begins = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    elif data[:1] != b"\xff":
        return False
    for place in range(begins, min(begins + _LOOK_FOR_FRAME, len(data) - 4)):
        if (size := _frame(data[place : place + 4])) and _frame(data[place + size : place + size + 4]):
            return True
    return False


def _frame(head: bytes) -> int:
    """How long a frame of layer III is; 0 for what is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, kbits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or kbits in (0, 15) or rate == 3:
        return 0
    slower = {3: 1, 2: 2, 0: 4}[version]
    whole = (144 if version == 3 else 72) * _MPEG_KBITS[3 if version == 3 else 2][kbits - 1] * 1000
    return whole // (_MPEG_RATES[rate] // slower) + (head[2] >> 1 & 1)


def _webm(data: bytes) -> bool:
    track = _WEBM_SOUND.search(data, 0, _LOOK_FOR_TRACK)
    if not data.startswith(b"\x1aE\xdf\xa3") or b"webm" not in data[:64] or track is None:
        return False
    first = data.find(_CLUSTER, track.end())
    return 0 < first < len(data) - 16 and not _WEBM_PICTURES.search(data, 0, first)


def _mp4(data: bytes) -> bool:
    if data[4:8] != b"ftyp":
        return False
    boxes = dict(_boxes(data))
    tracks = boxes.get(b"moov", b"")
    return bool(boxes.get(b"mdat")) and b"soun" in tracks and b"vide" not in tracks


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(data):
        size, head = int.from_bytes(data[place : place + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        size = size or len(data) - place
        if size < head:
            return
        yield data[place + 4 : place + 8], data[place + head : place + size]
        place += size


_KINDS: dict[str, Callable[[bytes], bool]] = {
    "audio/wav": _wav, "audio/ogg": _ogg, "audio/flac": _flac, "audio/mpeg": _mpeg, "audio/webm": _webm,
    "audio/mp4": _mp4,
}  # fmt: skip
