"""Signs quickly with a key held in memory.

Between two signatures of one seal only the digest and the signature differ, so what pyHanko builds for the first one is
kept and filled in for the others: building it anew is most of the cost of signing. signing.py checks each result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

MOST_TRIES = 200


@dataclass(frozen=True)
class _Form:
    """A finished signature, to be filled in again: nothing else in it depends on the document or the time."""

    whole: bytes
    attributes: bytes
    digest: bytes
    signature: bytes

    @classmethod
    def of(cls, finished: cms.ContentInfo, digest: bytes) -> _Form:
        details = finished["content"]["signer_infos"][0]
        form = cls(finished.dump(), details["signed_attrs"].untag().dump(), digest, details["signature"].native)
        if any(form.whole.count(part) != 1 for part in (form.digest, form.signature)):
            raise ValueError("the signature has not the expected shape")
        return form

    def filled(self, digest: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
        """ECDSA signatures differ in length by a byte or two; one of the form's own length leaves all else in place."""
        attributes = self.attributes.replace(self.digest, digest)
        for _ in range(MOST_TRIES):
            signature = key.sign(attributes, ec.ECDSA(hashes.SHA256()))
            if len(signature) == len(self.signature):
                return self.whole.replace(self.digest, digest).replace(self.signature, signature)
        raise ValueError("no signature of the expected length")


class KeyHolder(Signer):
    """pyHanko's own SimpleSigner parses the key again for each signature; this one holds it."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]
    ) -> None:
        self._key = key
        self._form: _Form | None = None
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_asn1(one) for one in chain])
        super().__init__(signing_cert=_asn1(certificate), cert_registry=store, embed_roots=False)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"signs with SHA-256 only, not {digest_algorithm}")
        return bytes(72) if dry_run else self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    async def async_sign(self, data_digest: bytes, digest_algorithm: str, *args: Any, **kwargs: Any) -> cms.ContentInfo:
        if self._form is not None and digest_algorithm == "sha256":
            return cms.ContentInfo.load(self._form.filled(data_digest, self._key))
        finished = await super().async_sign(data_digest, digest_algorithm, *args, **kwargs)
        if kwargs.get("use_pades") and not kwargs.get("dry_run") and kwargs.get("timestamper") is None:
            self._form = _Form.of(finished, data_digest)
        return finished


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
