"""Puts the issuing body's signature on a PDF: bytes in, bytes out (PAdES B-B, ECDSA P-256, invisible).

Everything happens in memory and the result is checked before anyone sees it, so a failure leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from app.core.errors import N_, Refusal
from certificates.signing.awaiting import completed
from certificates.signing.key_holder import KeyHolder
from certificates.verifying.signature_places import Place, places

FIELD_NAME = "Issuer"
ROOM_BESIDE_CERTIFICATES = 2048


@dataclass(frozen=True)
class Seal:
    """The key of the issuing body with its certificates, ready to sign."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signer: Signer

    @classmethod
    def from_pkcs12(cls, data: bytes, passphrase: str, *, at: datetime) -> Seal:
        """Open the file once; refuse a key that could not sign a certificate that others accept."""
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
        except ValueError as problem:
            raise Refusal(
                "seal_unusable",
                N_("The signing key cannot be opened. Check that the PKCS#12 file is whole and its passphrase right."),
            ) from problem
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Refusal(
                "seal_unusable",
                N_("The signing key is not an elliptic curve key on P-256. Have a certificate made for such a key."),
            )
        if certificate is None or certificate.public_key() != key.public_key():
            raise Refusal(
                "seal_unusable",
                N_("The PKCS#12 file holds no certificate for its key. Export the key again with its certificate."),
            )
        _refuse_other_purpose(certificate)
        seal = cls(key, certificate, tuple(others), KeyHolder(key, certificate, others))
        seal.refuse_outside_validity(at)
        return seal

    @property
    def name(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def room(self) -> int:
        """Hexadecimal digits kept free for the signature: saves pyHanko a rehearsal of each one."""
        held = (self.certificate, *self.chain)
        return 2 * (ROOM_BESIDE_CERTIFICATES + sum(len(one.public_bytes(Encoding.DER)) for one in held))

    def refuse_outside_validity(self, at: datetime) -> None:
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not first <= at <= last:
            raise Refusal(
                "seal_unusable",
                N_("The signing certificate is valid from %(first)s to %(last)s only. Have it renewed."),
                first=first.date().isoformat(),
                last=last.date().isoformat(),
            )


def _refuse_other_purpose(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        fitting = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        fitting = False
    if not fitting:
        raise Refusal(
            "seal_unusable",
            N_(
                "The signing certificate does not say that its key may sign documents. Have it made with the key usage "
                "“digital signature” or “content commitment”."
            ),
        )


class _DatedSigner(PdfSigner):
    """Writes the moment it is given, not the machine's."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def sign(pdf: bytes, seal: Seal, *, reason: str, at: datetime) -> bytes:
    """The signed PDF, which begins with the bytes given and forbids any later change."""
    seal.refuse_outside_validity(at)
    wanted = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = _DatedSigner(wanted, signer=seal.signer)
    signer.at = at.astimezone(UTC)
    work = signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=seal.room)
    output = completed(work)
    signed: bytes = output.getvalue()
    _confirm(pdf, signed, seal)
    return signed


def _confirm(pdf: bytes, signed: bytes, seal: Seal) -> None:
    """Recompute what a reader will: one signature, by this key, over the whole of the file that was to be signed."""
    found = list(places(signed))
    whole = signed.startswith(pdf) and len(found) == 1 and found[0].end == len(signed)
    if not (whole and _is_by(found[0], signed, seal)):
        raise Refusal(
            "signing_failed",
            N_("The signature did not pass its own check, so nothing was issued. Try again and tell the operator."),
            status=500,
        )


def _is_by(place: Place, signed: bytes, seal: Seal) -> bool:
    details = cms.ContentInfo.load(place.contents(signed))["content"]["signer_infos"][0]
    attributes = details["signed_attrs"]
    digests = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
    try:
        seal.key.public_key().verify(details["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return digests == [sha256(place.covered(signed)).digest()]
