"""Files that examiners attach, read with suspicion: pictures are drawn anew, others are known by their bytes."""

from __future__ import annotations

import warnings
from io import BytesIO

import pikepdf
from PIL import Image, ImageOps

from app.core.errors import N_, Refusal
from app.core.images import MOST_PIXELS
from app.models.marking import EvidenceKind
from app.practical.marking.sounds import sound_type

MOST_BYTES = 5 * 1024 * 1024
KEPT_SIZE = (1600, 1600)
_PICTURES = ("JPEG", "PNG", "WEBP")


def cleaned(kind: str, data: bytes) -> tuple[str, bytes]:
    """Media type and bytes to keep; a file that is not what it is said to be is refused."""
    if len(data) > MOST_BYTES:
        message = N_("The file is larger than %(megabytes)s MB. Send a shorter recording or a smaller picture.")
        raise Refusal("evidence_too_large", message, status=413, megabytes=MOST_BYTES // 2**20)
    if kind == EvidenceKind.AUDIO:
        return _audio(data), data
    if kind == EvidenceKind.FILE and data.startswith(b"%PDF-") and _opens(data):
        return "application/pdf", data
    return "image/jpeg", _picture(kind, data)


def _audio(data: bytes) -> str:
    found = sound_type(data)
    if found is None:
        message = N_(
            "This file is no sound recording that can be played: WAV, MP3, OGG, FLAC, M4A or WebM with sound only."
            " Record again, or choose another file."
        )
        raise Refusal("evidence_no_audio", message)
    return found


def _opens(document: bytes) -> bool:
    try:
        with pikepdf.open(BytesIO(document)) as opened:
            return len(opened.pages) > 0
    except Exception:  # as with pictures
        return False


def _picture(kind: str, data: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _redrawn(data)
    except Exception as problem:  # hostile files make decoders raise nearly anything
        message = (
            N_("This file is neither a PDF nor a JPEG, PNG or WebP picture that can be read. Choose another one.")
            if kind == EvidenceKind.FILE
            else N_("This file is not a JPEG, PNG or WebP picture that can be read. Take the picture again.")
        )
        raise Refusal("evidence_no_picture", message) from problem


def _redrawn(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=_PICTURES) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", KEPT_SIZE)
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright)
    sheet.thumbnail(KEPT_SIZE, Image.Resampling.LANCZOS)
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=85, optimize=True)
    return kept.getvalue()
