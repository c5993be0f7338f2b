"""Whose key signs: the issuing body's from the settings, or for demonstrations the demonstration authority's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from app.config import Settings
from app.core import clock
from app.core.errors import N_, Refusal
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from certificates.verifying.verification import load_roots

if TYPE_CHECKING:
    from certificates.signing.sign import Seal

FOLDER = "demo-ca"


@dataclass(frozen=True)
class Issuer:
    """What issuing needs to know of the house: its name, its address, its key, and the roots that vouch for it."""

    name: str
    public_url: str
    seal: Seal
    roots: tuple[x509.Certificate, ...]
    demonstration: bool

    def address_of(self, serial: str) -> str:
        return f"{self.public_url}/verify/{serial}"


IssuerChoice = Callable[[bool], Issuer]
"""Whether it is for a demonstration → the issuer."""


def issuers(settings: Settings) -> IssuerChoice:
    return lambda demonstration: issuer(settings, demonstration)


def issuer(settings: Settings, demonstration: bool) -> Issuer:
    """A demonstration never gets the real key, and a real store never signs without one."""
    if not demonstration and settings.signing_pkcs12 is not None:
        seal = _kept_seal(settings.signing_pkcs12, settings.signing_passphrase)
        return Issuer(settings.issuer, settings.public_url, seal, tuple(_own_roots(settings)), False)
    if not demonstration and not settings.demonstration:
        raise Refusal(
            "seal_missing",
            N_(
                "There is no key to sign certificates with. Set SIGNING_PKCS12 to the PKCS#12 file and "
                "SIGNING_PASSPHRASE to its passphrase, then start again."
            ),
            status=503,
        )
    seal, roots = _demonstration(settings.data_dir / FOLDER)
    return Issuer(settings.issuer, settings.public_url, seal, roots, True)


def trusted_roots(settings: Settings) -> list[x509.Certificate]:
    """Every root whose signatures are ours; the demonstration's only where one was made."""
    folder = settings.data_dir / FOLDER
    demonstration = settings.demonstration or folder.exists()
    return [*_own_roots(settings), *(_demonstration(folder)[1] if demonstration else ())]


def _own_roots(settings: Settings) -> list[x509.Certificate]:
    """As the settings name them, else the top of the chain that came with the key."""
    if settings.trust_roots is not None:
        return _kept_roots(settings.trust_roots)
    if settings.signing_pkcs12 is None:
        return []
    seal = _kept_seal(settings.signing_pkcs12, settings.signing_passphrase)
    chain = (*seal.chain, seal.certificate)
    return [one for one in chain if one.issuer == one.subject] or [chain[0]]


@lru_cache(maxsize=4)
def _kept_seal(path: Path, passphrase: str) -> Seal:
    """Opened once for each process: parsing the file costs more than a signature."""
    from certificates.signing.sign import Seal

    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Refusal(
            "seal_missing",
            N_("The key file %(path)s cannot be read. Check SIGNING_PKCS12 and the rights of the file."),
            status=503,
            path=str(path),
        ) from problem
    return Seal.from_pkcs12(data, passphrase, at=clock.now())


@lru_cache(maxsize=4)
def _kept_roots(path: Path) -> list[x509.Certificate]:
    try:
        return load_roots(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise Refusal(
            "roots_unreadable",
            N_("The trusted roots in %(path)s cannot be read. Check TRUST_ROOTS: it names a file of PEM certificates."),
            status=503,
            path=str(path),
        ) from problem


@lru_cache(maxsize=64)
def _demonstration(folder: Path) -> tuple[Seal, tuple[x509.Certificate, ...]]:
    from certificates.signing.sign import Seal

    ca: DemoCA = ensure_demo_ca(folder)
    return Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=clock.now()), tuple(load_roots(ca.root_pem))
