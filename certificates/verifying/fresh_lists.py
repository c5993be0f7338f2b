"""Keeps at hand the lists of revoked certificates that the authorities above our signing key publish.

Who verifies asks no network; a list is fetched now and then and laid into a folder (house.py reads it). An authority
may strike a revoked certificate from its list once that would have ended anyway: then the older list stays as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.signing.revocation import Evidence, Lists, crl_about

AGAIN = timedelta(hours=6)
Ask = Callable[[x509.Certificate, x509.Certificate, datetime, datetime, Lists], Evidence]


def refresh(folder: Path, chain: Sequence[x509.Certificate], now: datetime, ask: Ask = crl_about) -> int:
    """Fetches the list about each certificate of the chain, which begins with the signer's; how many are new.

    Certificates that name no list are passed over; an authority that does not answer raises `Unavailable`.
    """
    known: Lists = {}
    fetched = [ask(one, issuer, now, now + AGAIN, known).crl for one, issuer in pairwise(chain) if names_list(one)]
    folder.mkdir(parents=True, exist_ok=True)
    return sum(_kept(folder, der) for der in dict.fromkeys(fetched) if der)


def names_list(certificate: x509.Certificate) -> bool:
    try:
        certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        return False
    return True


def upwards(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The certificate and those above it, as far as they are there."""
    chain = [certificate]
    while chain[-1].issuer != chain[-1].subject:
        above = next((one for one in others if one.subject == chain[-1].issuer and one not in chain), None)
        if above is None:
            break
        chain.append(above)
    return chain


def _kept(folder: Path, der: bytes) -> bool:
    new = x509.load_der_x509_crl(der)
    place = folder / f"{sha256(new.issuer.public_bytes()).hexdigest()[:16]}.crl"
    if place.exists():
        before = place.read_bytes()
        if before == der:
            return False
        old = x509.load_der_x509_crl(before)
        if {one.serial_number for one in old} - {one.serial_number for one in new}:
            place.rename(place.with_stem(f"{place.stem}-{old.last_update_utc:%Y%m%d%H%M%S}"))
    fresh = place.with_suffix(".new")
    fresh.write_bytes(new.public_bytes(Encoding.DER))
    fresh.replace(place)
    return True
