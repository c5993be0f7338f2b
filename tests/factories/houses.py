"""An issuing body of the tests' own: its key, its time stamps and its lists come from `Pki`s, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509

from certificates.archive.roots import together
from certificates.signing.issuer import Issuer
from certificates.signing.levels import Level
from certificates.signing.proofs import Proofs
from certificates.signing.revocation import Evidence, is_authority, question, read_crl, read_ocsp
from certificates.signing.seal import Seal
from certificates.signing.timestamps import Authority
from certificates.signing.unavailable import revocation_unavailable, timestamp_unavailable
from tests.factories.pki import CRLS, RESPONDERS, Pki

FRESH = timedelta(hours=1)


class Stamps(Authority):
    """The time-stamp authority of a Pki; `silent` makes it answer nobody."""

    def __init__(self, pki: Pki, label: str = "tsa") -> None:
        super().__init__([pki.certificate("root")])
        self._pki, self._label, self.silent, self.asked = pki, label, False, 0

    def answer(self, request: bytes, at: datetime) -> bytes:
        self.asked += 1
        if self.silent:
            raise timestamp_unavailable("silent")
        return self._pki.stamp(request, at, self._label)


class Lists:
    """What the authorities of all these Pkis say: of others in lists, of who signs and stamps in answers."""

    def __init__(self, pkis: Sequence[Pki]) -> None:
        self._pkis, self.silent = pkis, False

    def __call__(self, one: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        for pki in self._pkis if not self.silent else ():
            for label in CRLS:
                if pki.certificate(label) == issuer and label in RESPONDERS and not is_authority(one):
                    said = pki.ocsp_response(question(one, issuer), at, RESPONDERS[label])
                    return read_ocsp(said, label, one, issuer, at, at + FRESH)
                if pki.certificate(label) == issuer:
                    return read_crl(pki.crl(label, at), label, one, issuer, at, at + FRESH)
        raise revocation_unavailable(issuer.subject.rfc4514_string())


def house(
    pki: Pki, at: datetime, *, stamps: Pki | None = None, others: Sequence[Pki] = (), level: Level = Level.B_LTA
) -> Issuer:
    """Signs with the key of `pki` and stamps with the authority of `stamps`; trusts the roots of `others` as well."""
    stamping = stamps or pki
    roots = together([one.certificate("root") for one in (pki, stamping, *others)])
    return Issuer(
        "测试中心",
        "https://exam.example.org",
        Seal.from_pkcs12(pki.pkcs12(), "tests only", at=at),
        tuple(roots),
        False,
        level,
        Stamps(stamping),
        Proofs(roots, Lists([pki, stamping, *others])),
        tuple(roots),
    )
