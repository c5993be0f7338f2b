"""Whom a verification believes: the roots above our signatures, those above time stamps, and what is withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from app.core.errors import N_, Refusal


@dataclass(frozen=True)
class Trust:
    """`tsa_roots`: above time stamps; without any, the roots above signatures. `withdrawn`: CRLs and OCSP answers."""

    roots: Sequence[x509.Certificate] = ()
    tsa_roots: Sequence[x509.Certificate] = ()
    withdrawn: Sequence[bytes] = ()

    @classmethod
    def of(cls, given: Trust | Sequence[x509.Certificate]) -> Trust:
        return given if isinstance(given, Trust) else cls(given)


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates that our own signatures lead to."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as problem:
        raise Refusal(
            "trust_roots_unusable",
            N_("The file of trusted root certificates cannot be read. Set one that holds certificates in PEM form."),
        ) from problem
