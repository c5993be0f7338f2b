"""The pictures and sounds of one entry, collected while its texts are read, each under a name our markup can hold."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from app.core.errors import N_
from question_bank import item_shape as shape
from question_bank.file_problems import FileProblem
from question_bank.formats.values import Entry
from question_bank.item_text import pictures
from question_bank.media_files import Fetch, media_fault
from question_bank.stimuli import PICTURES, SOUNDS, Media

_DATA = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)?(?P<more>;[^,]{0,200})?,(?P<content>.*)", re.DOTALL)
_OURS = re.compile(r"(?:.*/)?media/[0-9a-f]{16}/(?P<name>.+)")
_NOT_NAME = re.compile(r"[()\s\[\]\\]+")
_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
}  # fmt: skip
STIMULUS = ("id", "title", "text", "audio", "plays")


class MediaBag:
    """`whole_names` keeps folders in names, where an address is nothing but a name."""

    def __init__(self, entry: Entry, fetch: Fetch, *, whole_names: bool = False) -> None:
        self.entry, self.fetch, self.whole_names = entry, fetch, whole_names
        self.kept: dict[str, Media] = {}

    def picture(self, src: str, alt: str) -> str:
        """What stands in a text for an <img>: our markup, or its description where there is no such picture."""
        name = self.add(src, PICTURES)
        clean = " ".join(alt.replace("[", "（").replace("]", "）").split())
        return f"![{clean}]({name})" if name else clean

    def sound(self, src: str) -> str:
        return self.add(src, SOUNDS)

    def add(self, src: str, kinds: frozenset[str]) -> str:
        """The name it is kept under; "" and a loss where it cannot be."""
        found = self._content(src)
        if found is None:
            message = N_("The picture or sound %(name)s is not in the file; only its description is kept.")
            self.entry.lose("media", message, name=src[:200])
            return ""
        content, wanted = found
        fault = media_fault(Media(wanted or src[:40], content), kinds)
        if fault:
            self.entry.lose("media", fault[0], **fault[1])
            return ""
        return self._name(content, wanted)

    def _content(self, src: str) -> tuple[bytes, str] | None:
        if src.startswith("data:"):
            return _from_data(src)
        path = unquote(src)
        content = self.fetch(path)
        ours = _OURS.fullmatch(path)
        name = ours["name"] if ours else path if self.whole_names else PurePosixPath(path).name
        return None if content is None else (content, name)

    def _name(self, content: bytes, wanted: str) -> str:
        media = Media("", content)
        name = _NOT_NAME.sub("-", wanted) or f"{media.sha256[:16]}.{_ENDINGS.get(media.type or '', 'bin')}"
        stem, dot, ending = name.rpartition(".")
        number = 1
        while name in self.kept and self.kept[name].content != content:
            number += 1
            name = f"{stem}-{number}{dot}{ending}" if dot else f"{ending}-{number}"
        self.kept[name] = Media(name, content)
        return name

    def finish(self) -> None:
        """Hands the entry what its texts show, and its stimulus if the file told of one."""
        given = self.entry.given
        told = {name: given.pop(f"stimulus_{name}") for name in STIMULUS if f"stimulus_{name}" in given}
        shown = [given.get("stem", ""), *given.get("options", {}).values()]
        self.entry.media = self._named(name for text in shown for name in pictures(str(text)))
        if not told:
            return
        told.setdefault("title", told.get("id"))
        media = self._named([*pictures(str(told.get("text", ""))), told.get("audio", "")])
        problems = self.entry.problems

        def report(name: str, message: str, /, **params: object) -> None:
            where = self.entry
            problems.append(FileProblem(where.file, where.line, message, params, where.name, f"stimulus.{name}"))

        self.entry.stimulus = shape.stimulus(told, media, report)

    def _named(self, names: Iterable[str]) -> dict[str, Media]:
        return {name: self.kept[name] for name in dict.fromkeys(names) if name in self.kept}


def as_data(media: Media) -> str:
    """The whole file in an address, with its name."""
    encoded = base64.b64encode(media.content).decode("ascii")
    return f"data:{media.type};name={quote(media.name, safe='')};base64,{encoded}"


def _from_data(src: str) -> tuple[bytes, str] | None:
    match = _DATA.fullmatch(src)
    if match is None or "base64" not in (match["more"] or ""):
        return None
    named = re.search(r";name=([^;,]+)", match["more"] or "")
    try:
        content = base64.b64decode(re.sub(r"\s+", "", match["content"]), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content, unquote(named[1]) if named else ""
