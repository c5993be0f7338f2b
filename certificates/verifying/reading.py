"""Reads a stranger's PDF for words, not for meaning: linear in its size, with a budget for what it unpacks.

No verdict of 'genuine' rests on this. It only serves to say more exactly what is wrong with a file that is not.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_UNPACKED = 4 * 1024 * 1024
MOST_STREAMS = 4096
MOST_ESCAPES = 20_000
NEAR = 2048
OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[\x00\t\n\f\r ]{1,8}\d{1,5}[\x00\t\n\f\r ]{1,8}obj(?![a-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Stream:
    """`head`: the dictionary before it, as far as it was near."""

    head: bytes
    start: int
    end: int

    @property
    def deflated(self) -> bool:
        return b"FlateDecode" in self.head or b"/Fl " in self.head


def streams(data: bytes) -> Iterator[Stream]:
    place = 0
    for _ in range(MOST_STREAMS):
        word = data.find(b"stream", place)
        if word < 0:
            return
        end = data.find(b"endstream", word + 6)
        if end < 0:
            return
        head = data[max(place, word - NEAR) : word]
        head = head[head.rfind(b"obj") + 1 :]
        start = word + (8 if data[word + 6 : word + 8] == b"\r\n" else 7)
        yield Stream(head, min(start, end), end)
        place = end + 9


def unpacked(data: bytes, stream: Stream, most: int) -> bytes:
    """The content of a stream up to so many bytes; nothing where it cannot be read."""
    raw = data[stream.start : stream.end]
    if not stream.deflated:
        return raw[:most]
    try:
        return zlib.decompressobj().decompress(raw, most)
    except zlib.error:
        return b""


def plain(data: bytes) -> bytes:
    """The file without the content of its streams, but with the objects hidden in some; names written out."""
    parts, hidden, place, budget = [], [], 0, MOST_UNPACKED
    for stream in streams(data):
        parts.append(data[place : stream.start])
        place = stream.end
        if b"/ObjStm" in written_out(stream.head) and budget > 0:
            content = unpacked(data, stream, budget)
            budget -= len(content)
            hidden.append(content)
    parts.append(data[place:])
    return written_out(b"\n".join([*parts, *hidden]))


def written_out(text: bytes) -> bytes:
    """`/J#61vaScript` is `/JavaScript`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text, count=MOST_ESCAPES) if b"#" in text else text


def objects(text: bytes) -> dict[int, bytes]:
    """The last body of each numbered object."""
    found: dict[int, bytes] = {}
    starts = [(int(match[1]), match.end()) for match in OBJECT.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    for (number, start), following in zip(starts, ends, strict=False):
        end = text.find(b"endobj", start, following)
        found[number] = text[start : end if end >= 0 else following].strip()
    return found
