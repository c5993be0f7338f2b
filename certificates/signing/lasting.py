"""Proof put behind a signature so that it outlives its keys: DSS, and a time stamp over the whole file (PAdES)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from app.core.errors import N_, Refusal
from certificates.signing.holes import NoRoom
from certificates.signing.revisions import Growing
from certificates.signing.sign import not_confirmed
from certificates.signing.timestamps import Timestamps, Token
from certificates.verifying.signature_places import places

STAMP = b"/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161"
FIELD_NAME = "Timestamp"
Result = TypeVar("Result")


def stamp_whole(grown: Growing, timestamps: Timestamps, at: datetime) -> Token:
    """A revision with a time stamp over everything before it; NoRoom if that is longer than those before it."""
    hole = grown.sign(f"{FIELD_NAME}-{grown.signatures}", STAMP, timestamps.room, said="Time stamp")
    token = timestamps.token(hole.digest, at=at)
    grown.append(hole.filled(token.der))
    return token


def with_room(work: Callable[[], Result]) -> Result:
    """Once more from the start where a time stamp was longer than any before: then its length is known."""
    try:
        return work()
    except NoRoom:
        pass
    try:
        return work()
    except NoRoom as problem:
        raise not_confirmed() from problem


class StampOf:
    """For a signature: its time stamp, kept for what is to be proven of it."""

    def __init__(self, timestamps: Timestamps, at: datetime, kept: list[Token]) -> None:
        self._timestamps, self._at, self._kept = timestamps, at, kept

    def __call__(self, signature: bytes) -> bytes:
        token = self._timestamps.token(sha256(signature).digest(), at=self._at)
        self._kept[:] = [token]
        return token.der


def certificates_of(tokens: Iterable[Token]) -> list[x509.Certificate]:
    """Signers first, then all that came with them."""
    return [_pyca(one) for token in tokens for one in (token.signer, *token.certificates)]


def unproven(pdf: bytes) -> list[x509.Certificate]:
    """Whose standing the file does not prove yet: those of its last time stamp, or else of its signature."""
    found = list(places(pdf))
    return [_pyca(one) for one in _certificates(found[-1].contents(pdf))] if found else []


def _certificates(contents: bytes) -> list[asn1_x509.Certificate]:
    """Of a signature, and of the time stamp in it."""
    data = cms.ContentInfo.load(contents)["content"]
    held = [one.chosen for one in data["certificates"]]
    for info in data["signer_infos"]:
        for attribute in info["unsigned_attrs"] if info["unsigned_attrs"].native else ():
            if attribute["type"].native == "signature_time_stamp_token":
                held += [one.chosen for token in attribute["values"] for one in token["content"]["certificates"]]
    return held


def not_signed() -> Refusal:
    return Refusal("not_signed", N_("The file bears no signature, so there is nothing whose proof could be renewed."))


def _pyca(one: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(one.dump())
