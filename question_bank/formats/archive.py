"""Reading zip files from anyone: names stay inside, sizes stay within bounds, nothing is written to the disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from app.core.errors import N_
from question_bank.formats.values import Unreadable

MOST_ARCHIVE_BYTES = 128 * 2**20
MOST_UNPACKED = 384 * 2**20
MOST_OF_ONE = 64 * 2**20
MOST_FILES = 50_000
MOST_DIRECTORY_BYTES = 12 * 2**20
MOST_RATIO = 200
"""Text of ours packs to a tenth; a bomb to a thousandth."""
RATIO_COUNTS_FROM = 2**20
_END = b"PK\x05\x06"
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
_PART_DAMAGED = N_("%(name)s in the package is damaged; pack it again.")


class Archive:
    """The files of a zip by their names, each unpacked only when asked for."""

    def __init__(self, content: bytes) -> None:
        if len(content) > MOST_ARCHIVE_BYTES:
            message = N_("The file is larger than %(most)s MB; split it.")
            raise Unreadable(message, most=MOST_ARCHIVE_BYTES // 2**20)
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN:
            raise Unreadable(_DAMAGED) from None
        self._files = {one.filename: one for one in self._zip.infolist() if not one.is_dir()}
        self._check(len(content))

    def names(self) -> list[str]:
        return list(self._files)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def size(self, name: str) -> int:
        return self._files[name].file_size

    def read(self, name: str) -> bytes:
        try:
            return self._zip.read(self._files[name])
        except _BROKEN:
            raise Unreadable(_PART_DAMAGED, name=name) from None

    def pieces(self, name: str, size: int) -> Iterator[bytes]:
        """The file bit by bit, for what need not be in memory whole."""
        try:
            with self._zip.open(self._files[name]) as file:
                while piece := file.read(size):
                    yield piece
        except _BROKEN:
            raise Unreadable(_PART_DAMAGED, name=name) from None

    def fetch(self, name: str) -> bytes | None:
        return self.read(name) if name in self._files else None

    def _check(self, packed: int) -> None:
        total = 0
        for name, one in self._files.items():
            _check_name(name, one)
            total += one.file_size
            heavy = one.file_size > RATIO_COUNTS_FROM and one.file_size > MOST_RATIO * max(one.compress_size, 1)
            if heavy or one.file_size > MOST_OF_ONE or total > MOST_UNPACKED:
                message = N_("%(name)s would unpack to more than is taken here; the package looks like a zip bomb.")
                raise Unreadable(message, name=name[:200])
        if len(self._files) > MOST_FILES:
            raise Unreadable(_TOO_MANY, most=MOST_FILES)
        if sum(one.compress_size for one in self._files.values()) > packed:
            raise Unreadable(N_("Files of the package lie over one another; it looks like a zip bomb."))


_DAMAGED = N_("The file is no whole zip package; it may have been cut off on its way. Send it again.")
_TOO_MANY = N_("The package holds more than %(most)s files; split it.")


def _check_directory(content: bytes) -> None:
    """Before the directory of the zip is read into memory: how large it says it is."""
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if end < 0 or len(content) < end + 22:
        raise Unreadable(_DAMAGED)
    count = int.from_bytes(content[end + 10 : end + 12], "little")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if count > MOST_FILES or size > MOST_DIRECTORY_BYTES:
        raise Unreadable(_TOO_MANY, most=MOST_FILES)


def _check_name(name: str, one: zipfile.ZipInfo) -> None:
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\x00" in name
    if outside:
        message = N_("The package holds a file outside itself, %(name)s; it is refused.")
        raise Unreadable(message, name=name[:200])
    if stat.S_ISLNK(one.external_attr >> 16):
        message = N_("The package holds a link instead of a file, %(name)s; it is refused.")
        raise Unreadable(message, name=name[:200])
    if one.flag_bits & _ENCRYPTED:
        raise Unreadable(N_("%(name)s is protected by a password; take it off first."), name=name[:200])
