"""Files that commands write: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from app.core.errors import N_, Refusal


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Written beside its place and moved there at the end, so that no half of it is ever taken for the whole."""
    _write(path, (piece.encode() for piece in pieces))


def write_bytes(path: Path, content: bytes) -> None:
    _write(path, (content,))


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.writelines(pieces)
        beside.replace(path)
    except OSError as error:
        message = N_("%(file)s cannot be written (%(reason)s). Name a file in a folder that exists and is yours.")
        raise Refusal("file_unwritable", message, file=str(path), reason=error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
