"""What the demonstration's authority answers, without a network: time stamps, and lists of revoked certificates."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asn1crypto import algos, core  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from certificates.signing.awaiting import completed
from certificates.signing.cms_form import FIRST, OCTETS, SEQUENCE, Form, der
from certificates.signing.demo_ca import DemoCA
from certificates.signing.key_holder import KeyHolder, KeyInMemory, asn1
from certificates.signing.proofs import Ask
from certificates.signing.revocation import Evidence
from certificates.signing.timestamps import Token
from certificates.signing.unavailable import revocation_unavailable

ROOM_BESIDE = 64
"""The next one may be some bytes longer."""
POLICY = "2.25.161493180291842106482651017342906174651"
LIST_LASTS, LIST_IS_NEW = timedelta(days=7), timedelta(days=1)
INTEGER, GENERALIZED_TIME = 0x02, 0x18
_SHA256: bytes = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
_POLICY: bytes = core.ObjectIdentifier(POLICY).dump()
_VERSION_1 = bytes((INTEGER, 1, 1))
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")


class DemoTimestamps:
    """Stamps whatever time it is told: proof of nothing, like all of the demonstration."""

    def __init__(self, ca: DemoCA) -> None:
        key, certificate, chain = _opened(ca.stamps_pkcs12, ca.passphrase)
        self._key, self._certificate = KeyInMemory(key), asn1(certificate)
        self._holder = KeyHolder(self._key, certificate, chain)
        self._all = (self._certificate, *map(asn1, chain))
        self._ends = certificate.not_valid_after_utc
        self._form: Form | None = None
        self.room = 4096

    def token(self, digest: bytes, *, at: datetime) -> Token:
        at = at.replace(microsecond=0)
        info = _info(digest, at)
        imprint = sha256(info).digest()
        if self._form is None:
            self._form = self._first(info, imprint)
        content = der(SEQUENCE, TST_INFO + der(FIRST, der(OCTETS, info)))
        token = self._form.filled(imprint, self._key.sign, content=content)
        self.room = len(token) + ROOM_BESIDE
        return Token(token, digest, at, self._ends, self._certificate, self._all)

    def _first(self, info: bytes, imprint: bytes) -> Form:
        held = {"content_type": "tst_info", "content": core.ParsableOctetString(info)}
        work = self._holder.async_sign(imprint, "sha256", use_pades=True, is_pdf_sig=False, encap_content_info=held)
        return Form.of(completed(work), imprint)


class DemoLists:
    """Signs a list for whichever of its authorities is asked about: nobody is on it. About others `beyond` is asked,
    where a time-stamp authority of the world outside stamps a demonstration."""

    def __init__(self, ca: DemoCA, beyond: Ask | None = None) -> None:
        self._beyond = beyond
        held = (_opened(one, ca.passphrase) for one in (ca.root_pkcs12, ca.authority_pkcs12))
        self._keys = {certificate.subject: key for key, certificate, _ in held}
        self._kept: dict[tuple[x509.Name, datetime], Evidence] = {}

    def __call__(self, one: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        if issuer.subject not in self._keys:
            if self._beyond is not None:
                return self._beyond(one, issuer, at)
            raise revocation_unavailable("the demonstration's authority does not know the issuer")
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        key = (issuer.subject, day)
        if key not in self._kept:
            self._kept[key] = self._list(issuer, day)
        return self._kept[key]

    def _list(self, issuer: x509.Certificate, day: datetime) -> Evidence:
        key = self._keys[issuer.subject]
        builder = (
            x509.CertificateRevocationListBuilder(issuer.subject, day, day + LIST_LASTS)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
            .add_extension(x509.CRLNumber(int(day.timestamp())), critical=False)
        )
        data = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
        return Evidence(day + LIST_IS_NEW, day + LIST_LASTS, crl=data)


def _info(digest: bytes, at: datetime) -> bytes:
    """A TSTInfo (RFC 3161): building it from asn1crypto's classes would cost more than the signature."""
    imprint = der(SEQUENCE, _SHA256 + der(OCTETS, digest))
    number = der(INTEGER, (1 << 62 | secrets.randbits(62)).to_bytes(8))
    moment = der(GENERALIZED_TIME, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())
    return der(SEQUENCE, _VERSION_1 + _POLICY + imprint + number + moment)


def _opened(
    data: bytes, passphrase: str
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, list[x509.Certificate]]:
    key, certificate, chain = pkcs12.load_key_and_certificates(data, passphrase.encode())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise ValueError("not a key of the demonstration")
    return key, certificate, chain
