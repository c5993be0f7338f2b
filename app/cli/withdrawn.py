"""A part of the worker's round: what the authorities above the signing key have withdrawn, fetched now and then."""

from __future__ import annotations

from time import monotonic

from flask import current_app

from app.config import Settings
from app.core import clock
from certificates.signing.seals import issuer, trusted_roots
from certificates.verifying.fresh_lists import refresh, upwards
from certificates.verifying.house import lists_at

EVERY, AFTER_FAILURE = 6 * 3600.0, 600.0
_again = [0.0]


def fetch_lists() -> int:
    """Nothing to do where only the demonstration's own authority signs."""
    settings: Settings = current_app.extensions["settings"]
    if monotonic() < _again[0] or not (settings.signing_pkcs12 or settings.signing_pkcs11_module):
        return 0
    _again[0] = monotonic() + AFTER_FAILURE
    seal = issuer(settings, False).seal
    chain = upwards(seal.certificate, [*seal.chain, *trusted_roots(settings)])
    fetched = refresh(lists_at(settings), chain, clock.now())
    _again[0] = monotonic() + EVERY
    return fetched
