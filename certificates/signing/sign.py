"""Puts the issuing body's signature on a PDF: bytes in, bytes out (PAdES, ECDSA P-256, invisible).

Everything happens in memory and the result is checked before anyone sees it, so a failure leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.errors import N_, Refusal
from certificates.signing.cms_form import Stamp
from certificates.signing.holes import NoRoom
from certificates.signing.revisions import Growing, UnfitForSigning
from certificates.signing.seal import Seal
from certificates.signing.timestamps import Token
from certificates.verifying.signature_places import Place, places

__all__ = ["Seal", "sign", "signed_revision"]

FIELD_NAME = "Issuer"
ROOM = 2048
"""Bytes kept free for a signature beside its certificates."""
CLOSED = (
    b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Reference [<< /Type /SigRef "
    b"/TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V /1.2 /P 1 >> >>]"
)
"""A signature that forbids every later change but further proof of its age."""


def sign(pdf: bytes, seal: Seal, *, reason: str, at: datetime) -> bytes:
    """The signed PDF (B-B), which begins with the bytes given and forbids any later change."""
    grown = signed_revision(pdf, seal, reason=reason, at=at)
    signed = pdf + grown.added
    confirm(pdf, signed, seal)
    return signed


def signed_revision(
    pdf: bytes, seal: Seal, *, reason: str, at: datetime, stamp: Stamp | None = None, stamp_room: int = 0
) -> Growing:
    """The file with the signature put behind it, open for what else is to come."""
    seal.refuse_outside_validity(at)
    entries = b"%s /M (D:%s) /Reason %s" % (
        CLOSED,
        at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode(),
        _text(reason),
    )
    room = seal.room + stamp_room
    for _ in range(2):
        grown = opened(pdf)
        hole = grown.sign(FIELD_NAME, entries, room, said="Signature of the issuing body", certifies=True)
        try:
            grown.append(hole.filled(seal.signature(hole.digest, stamp)))
            return grown
        except NoRoom as problem:
            room = problem.needed + ROOM
    raise not_confirmed()


def opened(pdf: bytes) -> Growing:
    """To put revisions behind it."""
    try:
        return Growing(pdf)
    except UnfitForSigning as problem:
        raise not_confirmed() from problem


def _text(text: str) -> bytes:
    """As a PDF string of any characters."""
    return b"<%s>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()


def confirm(pdf: bytes, signed: bytes, seal: Seal, tokens: Sequence[Token] = (), *, closed: bool = True) -> None:
    """Recompute what a reader will: a signature by this key over all that was to be signed, then at most a time stamp
    over that; and, where it is to be the last thing in the file (`closed`), nothing after."""
    found = list(places(signed))
    stamps = tokens[1:]
    if not signed.startswith(pdf) or len(found) != 1 + len(stamps) or not _is_by(found[0], signed, seal):
        raise not_confirmed()
    if not all(_holds(place, signed, token) for place, token in zip(found[1:], stamps, strict=True)):
        raise not_confirmed()
    if closed and found[-1].end != len(signed):
        raise not_confirmed()


def not_confirmed() -> Refusal:
    return Refusal(
        "signing_failed",
        N_("The signature did not pass its own check, so nothing was issued. Try again and tell the operator."),
        status=500,
    )


def _holds(place: Place, signed: bytes, token: Token) -> bool:
    """The time stamp that was asked for is in its place, and on what it covers there."""
    return place.contents(signed).startswith(token.der) and token.digest == sha256(place.covered(signed)).digest()


def _is_by(place: Place, signed: bytes, seal: Seal) -> bool:
    details = cms.ContentInfo.load(place.contents(signed))["content"]["signer_infos"][0]
    attributes = details["signed_attrs"]
    digests = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
    try:
        seal.public_key.verify(details["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return digests == [sha256(place.covered(signed)).digest()]
