"""Whose key signs: the issuing body's from the settings, or for demonstrations the demonstration authority's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from app.config import Settings
from app.core import clock
from app.core.errors import N_, Refusal
from certificates.archive.roots import Roots, read_roots, together
from certificates.register.keys import register_keys
from certificates.signing.demo_ca import ensure_demo_ca
from certificates.signing.issuer import Issuer
from certificates.signing.levels import Level
from certificates.signing.rollover import certificates_in, in_force
from certificates.verifying.trust import load_roots

if TYPE_CHECKING:
    from certificates.signing.seal import Seal
    from certificates.signing.timestamps import Timestamps

__all__ = ["Issuer", "IssuerChoice", "issuer", "issuers", "trusted_roots", "trusted_tsa_roots"]

FOLDER = "demo-ca"
IssuerChoice = Callable[[bool], Issuer]
"""Whether it is for a demonstration → the issuer."""


def issuers(settings: Settings) -> IssuerChoice:
    return lambda demonstration: issuer(settings, demonstration)


def issuer(settings: Settings, demonstration: bool) -> Issuer:
    """A demonstration never gets the real key, and a real store never signs without one."""
    own = settings.signing_pkcs12 is not None or settings.signing_pkcs11_module is not None
    if not demonstration and own:
        return _body(in_force(settings, clock.now()))
    if not demonstration and not settings.demonstration:
        raise Refusal(
            "seal_missing",
            N_(
                "There is no key to sign certificates with. Set SIGNING_PKCS12 to the PKCS#12 file and "
                "SIGNING_PASSPHRASE to its passphrase, or SIGNING_PKCS11_MODULE and what goes with it, then start "
                "again."
            ),
            status=503,
        )
    return _demonstration(settings)


@lru_cache(maxsize=16)
def _body(settings: Settings) -> Issuer:
    """Opened once for each process: parsing the file costs more than a signature."""
    from certificates.signing.proofs import Network, Proofs

    roots, tsa_roots = _own_roots(settings), _own_tsa_roots(settings)
    authorities = _authorities(settings, tsa_roots)
    return Issuer(
        settings.issuer,
        settings.public_url,
        _own_seal(settings),
        tuple(roots),
        False,
        Level(settings.signature_level or (Level.B_LTA if authorities else Level.B_B)),
        authorities,
        Proofs([*roots, *tsa_roots], Network()),
        tuple(tsa_roots),
        register_keys(settings, False),
    )


def _authorities(settings: Settings, tsa_roots: Sequence[x509.Certificate]) -> Timestamps | None:
    """Those that the settings name, asked in turn."""
    from certificates.signing.authorities import InTurn, RemoteAuthority

    named = [
        RemoteAuthority(url, tsa_roots, username=settings.tsa_username, password=settings.tsa_password)
        for url in settings.tsa_urls
    ]
    return InTurn(named) if named else None


@lru_cache(maxsize=64)
def _demonstration(settings: Settings) -> Issuer:
    """Its times are stamped by its own authority, unless the settings name another one."""
    from certificates.signing.demo_services import DemoLists, DemoTimestamps
    from certificates.signing.proofs import Network, Proofs
    from certificates.signing.seal import Seal

    ca = ensure_demo_ca(settings.data_dir / FOLDER, clock.now())
    roots, tsa_roots = load_roots(ca.root_pem), _own_tsa_roots(settings)
    return Issuer(
        settings.issuer,
        settings.public_url,
        Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=clock.now()),
        tuple(roots),
        True,
        Level(settings.signature_level or Level.B_LTA),
        _authorities(settings, tsa_roots) or DemoTimestamps(ca),
        Proofs([*roots, *tsa_roots], DemoLists(ca, Network())),
        (*roots, *tsa_roots),
        register_keys(settings, True),
    )


def trusted_roots(settings: Settings) -> Roots:
    """Every root whose signatures are ours; the demonstration's only where one was made."""
    return together(_own_roots(settings), _demonstration_roots(settings))


def trusted_tsa_roots(settings: Settings) -> Roots:
    """Who vouches for time stamps: never believed about anything else."""
    return together(_own_tsa_roots(settings), _demonstration_roots(settings))


def _demonstration_roots(settings: Settings) -> tuple[x509.Certificate, ...]:
    folder = settings.data_dir / FOLDER
    return _roots_of_demonstration(folder) if settings.demonstration or folder.exists() else ()


@lru_cache(maxsize=64)
def _roots_of_demonstration(folder: Path) -> tuple[x509.Certificate, ...]:
    return tuple(load_roots(ensure_demo_ca(folder).root_pem))


def _own_tsa_roots(settings: Settings) -> Sequence[x509.Certificate]:
    return _kept_roots(settings.tsa_roots) if settings.tsa_roots is not None else _own_roots(settings)


def _own_roots(settings: Settings) -> Sequence[x509.Certificate]:
    """As the settings name them, else the top of the chain that came with the key, and with the next one."""
    if settings.trust_roots is not None:
        return _kept_roots(settings.trust_roots)
    tops = [*_top(_own_chain(settings))]
    if settings.signing_next_pkcs12 is not None:
        tops += _top(_chain_in(settings.signing_next_pkcs12, settings.signing_next_passphrase))
    return tops


def _own_chain(settings: Settings) -> Sequence[x509.Certificate]:
    if settings.signing_pkcs12 is not None:
        return _chain_in(settings.signing_pkcs12, settings.signing_passphrase)
    return _kept_roots(settings.signing_chain) if settings.signing_chain is not None else ()


def _top(chain: Sequence[x509.Certificate]) -> Sequence[x509.Certificate]:
    return [one for one in chain if one.issuer == one.subject] or chain[-1:]


def _chain_in(path: Path, passphrase: str) -> Sequence[x509.Certificate]:
    """A key that has ended signs no more, but what it signed is verified all the same."""
    try:
        return certificates_in(path, passphrase)
    except (OSError, ValueError):
        seal = _kept_seal(path, passphrase)  # refuses in its own words
        return (seal.certificate, *seal.chain)


def _own_seal(settings: Settings) -> Seal:
    if settings.signing_pkcs12 is not None:
        return _kept_seal(settings.signing_pkcs12, settings.signing_passphrase)
    from certificates.signing.device import seal_in_device

    return seal_in_device(settings, _kept_roots(settings.signing_chain) if settings.signing_chain else ())


@lru_cache(maxsize=4)
def _kept_seal(path: Path, passphrase: str) -> Seal:
    """Opened once for each process: parsing the file costs more than a signature."""
    from certificates.signing.seal import Seal

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
def _kept_roots(path: Path) -> Roots:
    try:
        return read_roots(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise Refusal(
            "roots_unreadable",
            N_("The trusted roots in %(path)s cannot be read. Check TRUST_ROOTS: it names a file of PEM certificates."),
            status=503,
            path=str(path),
        ) from problem
