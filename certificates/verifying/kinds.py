"""What a file is that bears no signature to judge: by its first bytes and by the words in it."""

from __future__ import annotations

import re

from certificates.verifying import findings
from certificates.verifying.findings import Reason
from certificates.verifying.reading import plain

HEADER_WITHIN = 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"\x00\x00\x01\x00")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ")
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_EMBEDS = re.compile(rb"/(?:Collection|EmbeddedFiles|EmbeddedFile)(?![A-Za-z])")
_SIGNS = re.compile(rb"/Type\s{0,20}/Sig(?![A-Za-z])|/(?:adbe\.(?:pkcs7|x509)|ETSI\.(?:CAdES|RFC3161))")
_MORE_THAN_STAMPS = re.compile(rb"/Type\s{0,20}/Sig(?![A-Za-z])|/(?:adbe\.(?:pkcs7|x509)|ETSI\.CAdES)")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|XFA|Launch|SubmitForm|ImportData|RichMedia|NeedAppearances)(?![A-Za-z])")


def unlike_pdf(data: bytes) -> Reason | None:
    """Why it cannot be a PDF, if it cannot."""
    if data.startswith(_PACKED):
        return findings.PACKED
    if b"%PDF-" in data[:HEADER_WITHIN]:
        return None
    if not data.strip():
        return findings.EMPTY
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP" or (data[4:8] == b"ftyp" and data[8:12] in _HEIF):
        return findings.PICTURE
    return findings.NOT_A_PDF


def unsigned(data: bytes) -> Reason:
    """Of a PDF with nothing in it that says which of its bytes are signed."""
    text = plain(data)
    if _EMBEDS.search(text):
        return findings.PORTFOLIO
    if len(data) > HEADER_WITHIN and b"%%EOF" not in data[-HEADER_WITHIN:]:
        return findings.TRUNCATED
    if _SIGNS.search(text):
        return findings.HOLLOW
    pictures = re.search(rb"/Subtype\s{0,20}/Image(?![A-Za-z])", text)
    return findings.SCAN if pictures and b"/Font" not in text else findings.UNSIGNED


def embeds(data: bytes) -> bool:
    """Does it hold other files?"""
    return bool(_EMBEDS.search(plain(data)))


def names_signature(data: bytes) -> bool:
    """Does it hold what is left of a signature, and not time stamps alone?"""
    return bool(_MORE_THAN_STAMPS.search(plain(data)))


def active(data: bytes) -> bool:
    """Scripts, forms of the other kind, or actions: nothing of the kind is in a certificate."""
    return bool(_ACTIVE.search(plain(data)))
