"""Which certificate of the register a file comes from, where it is not one of them byte for byte."""

from __future__ import annotations

import re
from hashlib import sha256

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.certificate import Certificate
from certificates.register.document import certificate_of, whole
from certificates.register.entries import entry
from certificates.register.serials import normalised
from certificates.verifying import findings
from certificates.verifying.findings import Inspection, Reason
from certificates.verifying.signature_places import MOST_PLACES, places

MOST_NUMBERS = 4
_NUMBER = re.compile(rb"(?<![0-9A-Z])\d{2,8}-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{5}(?![0-9A-Z])")
_TITLE = re.compile(rb"/Title\s{0,20}([(<])")
_OCTAL = re.compile(rb"\\([0-7]{3})")


def beginning(session: Session, data: bytes) -> Certificate | None:
    """The certificate whose whole file stands at the start of this one, or behind what was put before it."""
    ends = {place.end for place in places(data, MOST_PLACES)} - {len(data)}
    for end in sorted(ends):
        if found := certificate_of(session, sha256(data[:end]).hexdigest()):
            return found
    start = data.find(b"%PDF-", 1, 1024 + 5)
    return certificate_of(session, sha256(data[start:]).hexdigest()) if start > 0 else None


def explained(session: Session, data: bytes, found: Inspection) -> Reason | None:
    """What the register's own copy of the certificate that the file names tells about a file that is not it."""
    for number in numbers(data):
        try:
            document = whole(session, entry(session, number, with_pdf=True))
        except Refusal:
            continue
        if found.intact and document.startswith(data):
            return findings.PART
        same_signature = _signatures(document) == _signatures(data)
        if findings.ALTERED in found.reasons:
            return None if same_signature else findings.COPIED
        if _without_signatures(document) == _without_signatures(data):
            return findings.RETOUCHED
        return None
    return None


def numbers(data: bytes) -> list[str]:
    """Numbers of certificates that its title or description names; an untrue one only leads to an untrue name."""
    found = [match.group() for match in _NUMBER.finditer(data)]
    for match in list(_TITLE.finditer(data))[:MOST_NUMBERS]:
        found.extend(_NUMBER.findall(_text(match[1], data[match.end() : match.end() + 1200])))
    unique = dict.fromkeys(number for one in found[:64] if (number := normalised(one.decode())))
    return list(unique)[:MOST_NUMBERS]


def _text(bracket: bytes, raw: bytes) -> bytes:
    """The plain letters of a PDF string; of those in two bytes the second."""
    if bracket == b"<":
        digits = re.sub(rb"\s", b"", raw.split(b">")[0])
        return (
            bytes.fromhex(digits.decode("ascii", "ignore")[: len(digits) // 2 * 2]).replace(b"\0", b"")
            if (re.fullmatch(rb"[0-9A-Fa-f]*", digits))
            else b""
        )
    return _OCTAL.sub(lambda octal: bytes([int(octal[1], 8) & 255]), raw).replace(b"\0", b"").replace(b"\\", b"")


def _signatures(data: bytes) -> list[bytes]:
    """As they are written, with the zeros that fill their room."""
    return [data[place.hole : place.after] for place in places(data, 1)]


def _without_signatures(data: bytes) -> bytes:
    """Without the digits of its signatures and time stamps."""
    left, place = [], 0
    for one in sorted(places(data), key=lambda one: one.hole):
        left.append(data[place : one.hole])
        place = max(place, one.after)
    return b"".join([*left, data[place:]])
