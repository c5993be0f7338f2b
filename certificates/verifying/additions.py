"""The most fitting words for what stands behind the signature in a file and was never issued; they decide nothing."""

from __future__ import annotations

import re

from certificates.verifying import findings
from certificates.verifying.findings import Reason
from certificates.verifying.later_proof import only_prove_age
from certificates.verifying.reading import objects, plain

_REFERENCE = rb"\s{0,20}(\d{1,10}\s{1,20}\d{1,10}\s{1,20}R)"
_ADDED_NOTES = re.compile(rb"/(?:Annot|Annots|AcroForm|Fields|FreeText|Widget|AP|DSS)(?![A-Za-z])")
_SHOWS = re.compile(rb"/(?:OCProperties|OCGs|OC)(?![A-Za-z])")
_CATALOGUE = re.compile(rb"/Type\s{0,20}/Catalog(?![A-Za-z])")
_PAGE = re.compile(rb"/Type\s{0,20}/Page(?![A-Za-z])")
_HARMLESS = re.compile(rb"/(?:Widget|Annot|SigFlags|Fields|Producer|ModDate|Metadata|DSS|VRI|XRef)(?![A-Za-z])")
_TABLE = re.compile(rb"/Type\s{0,20}/XRef(?![A-Za-z])")
_TABLE_LINE = re.compile(rb"(\d{10}) (\d{5}) ([nf])")


def named(data: bytes, end: int, *, signed_again: bool) -> Reason:
    """The words for what follows the signature and is none of ours."""
    rest = data[end:]
    if b"%PDF-" in rest:
        return findings.JOINED
    if b"startxref" not in rest:
        return findings.APPENDED
    before, after = plain(data[:end]), plain(rest)
    if _shows_otherwise(before, after, end):
        return findings.SHADOW
    if signed_again:
        return findings.SIGNED_AGAIN
    stamped = b"DocTimeStamp" in after or b"/DSS" in after
    return findings.ARCHIVED_ELSEWHERE if stamped and only_prove_age(data, end) else findings.CHANGED_LATER


def _withdraws(line: re.Match[bytes], end: int) -> bool:
    """A line of a table that calls an object free, or leads back to a place in what was signed."""
    return line[2] != b"65535" if line[3] == b"f" else int(line[1]) < end


def _shows_otherwise(before: bytes, after: bytes, end: int) -> bool:
    """Whether what the pages show may have changed: not by notes or fields on top, but in what was there."""
    old, new = objects(before), objects(after)
    drawn = {number: body for number, body in new.items() if not _HARMLESS.search(body) or _PAGE.search(body)}
    if all(_TABLE.search(body) for body in new.values()) or _SHOWS.search(after):
        return True
    if any(_withdraws(match, end) for match in _TABLE_LINE.finditer(after)):
        return True
    return any(_exchanged(old[number], body) for number, body in (drawn | _catalogues(new)).items() if number in old)


def _catalogues(new: dict[int, bytes]) -> dict[int, bytes]:
    return {number: body for number, body in new.items() if _CATALOGUE.search(body)}


def _exchanged(old: bytes, new: bytes) -> bool:
    if _CATALOGUE.search(new):
        return _value(old, b"/Pages") != _value(new, b"/Pages")
    if _PAGE.search(new):
        keys = (b"/Contents", b"/Resources", b"/MediaBox", b"/CropBox", b"/Rotate", b"/UserUnit")
        return any(_value(old, key) != _value(new, key) for key in keys)
    return bool(_CATALOGUE.search(old) or _PAGE.search(old)) or not _ADDED_NOTES.search(old)


def _value(body: bytes, key: bytes) -> bytes:
    """What follows a key up to the next one, without spaces; enough to see whether it is the same."""
    place = body.find(key)
    if place < 0:
        return b""
    rest = body[place + len(key) :]
    reference = re.match(_REFERENCE, rest)
    if reference:
        return b"".join(reference[1].split())
    return b"".join(re.split(rb"(?<=[\s\]>])/(?:Parent|Type|Annots|Contents|MediaBox|Rotate|Trans)", rest)[0].split())
