"""Whom this house's own settings tell to believe."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.config import Settings
from app.core.errors import N_, Refusal
from certificates.signing.seals import trusted_roots, trusted_tsa_roots
from certificates.verifying.trust import Trust

MOST_BYTES = 4 * 1024 * 1024


def trust_of(settings: Settings) -> Trust:
    fetched = lists_at(settings)
    lists = (*withdrawn(settings.revocation_lists), *(withdrawn(fetched) if fetched.exists() else ()))
    return Trust(trusted_roots(settings), trusted_tsa_roots(settings), lists)


def lists_at(settings: Settings) -> Path:
    """Where the worker lays what it fetches."""
    return settings.data_dir / "revocations"


def withdrawn(place: Path | None) -> tuple[bytes, ...]:
    """The revocation lists of a file, or of every file in a folder, read again once one of them changes."""
    if place is None:
        return ()
    try:
        files = (
            sorted(one for one in place.iterdir() if one.is_file() and one.suffix != ".new")
            if place.is_dir()
            else [place]
        )
        return tuple(_kept(one, one.stat().st_mtime_ns) for one in files)
    except (OSError, ValueError) as problem:
        raise Refusal(
            "revocation_lists_unreadable",
            N_("The revocation lists in %(path)s cannot be read. Check REVOCATION_LISTS: CRL files, in DER or PEM."),
            status=503,
            path=str(place),
        ) from problem


@lru_cache(maxsize=64)
def _kept(path: Path, _changed: int) -> bytes:
    data = path.read_bytes()[:MOST_BYTES]
    one = x509.load_pem_x509_crl(data) if data.lstrip().startswith(b"-----") else x509.load_der_x509_crl(data)
    return one.public_bytes(Encoding.DER)
