"""Material that several items share, and the pictures and sounds that texts refer to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 10 * 1024 * 1024
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SOUNDS = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4"})
_OPENINGS = tuple(
    (re.compile(opening, re.DOTALL), kind)
    for opening, kind in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"OggS", "audio/ogg"),
        (rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb".{4}ftyp(?:M4A |mp42|isom)", "audio/mp4"),
    )
)


@dataclass(frozen=True)
class Media:
    """A picture or a sound. Its type is what its first bytes say, whatever its name."""

    name: str
    content: bytes = field(repr=False)

    @property
    def type(self) -> str | None:
        return media_type(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Stimulus:
    """A case or a recording: the items that name it stand together on a paper.

    `audio` is the name of a sound among `media`, which a candidate may hear `plays` times.
    """

    id: str
    title: str
    text: str
    audio: str = ""
    plays: int = 0
    media: Mapping[str, Media] = field(default_factory=dict)

    def digest(self) -> str:
        state = [self.id, self.title, self.text, self.audio, self.plays, digests(self.media)]
        return hashlib.sha256(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digests(media: Mapping[str, Media]) -> list[list[str]]:
    return [[name, media[name].sha256] for name in sorted(media)]


def media_type(content: bytes) -> str | None:
    """None for anything that a browser should not be handed as a picture or a sound."""
    for opening, kind in _OPENINGS:
        if opening.match(content):
            return kind
    return None
