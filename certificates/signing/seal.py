"""The key of the issuing body with its certificates, opened once and refused if nobody would accept its signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from app.core.errors import N_, Refusal
from certificates.signing.awaiting import completed
from certificates.signing.cms_form import Form, Stamp
from certificates.signing.key_holder import KeyHolder, KeyInMemory, SigningKey

ROOM_BESIDE_CERTIFICATES = 1024


@dataclass(frozen=True)
class Seal:
    """Ready to sign. `chain` are the certificates above its own, as they came with the key."""

    key: SigningKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    _forms: list[Form] = field(default_factory=list, repr=False, compare=False)

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
            raise not_on_p256()
        if certificate is None or certificate.public_key() != key.public_key():
            raise Refusal(
                "seal_unusable",
                N_("The PKCS#12 file holds no certificate for its key. Export the key again with its certificate."),
            )
        return cls.of(KeyInMemory(key), certificate, others, at=at)

    @classmethod
    def of(
        cls, key: SigningKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, at: datetime
    ) -> Seal:
        """Of a key wherever it is kept, and the certificate that belongs to it."""
        public = certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
            raise not_on_p256()
        _refuse_other_purpose(certificate)
        seal = cls(key, certificate, tuple(chain))
        seal.refuse_outside_validity(at)
        return seal

    @property
    def name(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def signer(self) -> KeyHolder:
        """For pyHanko."""
        return KeyHolder(self.key, self.certificate, self.chain)

    @property
    def room(self) -> int:
        """Bytes that its signature may take, without a time stamp."""
        held = (self.certificate, *self.chain)
        return ROOM_BESIDE_CERTIFICATES + sum(len(one.public_bytes(Encoding.DER)) for one in held)

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return cast(ec.EllipticCurvePublicKey, self.certificate.public_key())  # nothing else gets past `of`

    def signature(self, digest: bytes, stamp: Stamp | None = None) -> bytes:
        """The signature (CMS, DER) on what has this SHA-256, with a time stamp of the signature if one is asked for."""
        if not self._forms:
            first = completed(self.signer.async_sign(digest, "sha256", use_pades=True))
            self._forms.append(Form.of(first, digest))
        return self._forms[0].filled(digest, self.key.sign, stamp)

    def refuse_outside_validity(self, at: datetime) -> None:
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not first <= at <= last:
            raise Refusal(
                "seal_unusable",
                N_("The signing certificate is valid from %(first)s to %(last)s only. Have it renewed."),
                first=first.date().isoformat(),
                last=last.date().isoformat(),
            )


def not_on_p256() -> Refusal:
    return Refusal(
        "seal_unusable",
        N_("The signing key is not an elliptic curve key on P-256. Have a certificate made for such a key."),
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
