"""A signing key in a device (PKCS#11): the device signs, and never lets the key out.

Its library runs in a process of its own (device_process.py), started when first needed and again when it was lost or
did not answer in time: a library may hang for ever, and a call of it can be ended in no other way. A PIN that was
refused once is not tried again by this process: devices lock themselves after a few tries.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11.util.ec import encode_ecdsa_signature

from app.config import Settings
from app.core import clock, heavy
from app.core.errors import N_, Refusal
from certificates.signing.device_link import Link
from certificates.signing.device_process import DONE, WRONG_PIN
from certificates.signing.seal import Seal
from certificates.signing.unavailable import seal_unavailable

SECONDS = 10.0
"""For an answer, the opening of the device with it."""


class Device:
    """A token, found by its label behind a PKCS#11 library, with the key of one label in it."""

    def __init__(self, module: Path, token: str, pin: str, label: str) -> None:
        self._where, self._token, self._name = (str(module), token, pin, label), token, f"{module.name}, {token}"
        self._lock, self._link, self._process = heavy.lock(), None, 0
        self._refused: Refusal | None = None

    _link: Link | None

    def sign(self, data: bytes) -> bytes:
        """The raw mechanism with the digest made here: not every device hashes."""
        return bytes(encode_ecdsa_signature(self._asked(sha256(data).digest())))

    def certificates(self) -> list[x509.Certificate]:
        """All that the device holds."""
        return [x509.load_der_x509_certificate(one) for one in self._asked(None)]

    def _asked(self, question: bytes | None) -> Any:
        with self._lock:
            if self._process != os.getpid():  # whoever was forked opens its own
                self._link, self._process = None, os.getpid()
            again = self._link is not None
            while True:
                try:
                    return self._answer(question)
                except _Lost as problem:  # the device was taken out, or restarted: once more from the start
                    if not again:
                        raise seal_unavailable(f"{self._name}: {problem}") from problem
                    again = False

    def _answer(self, question: bytes | None) -> Any:
        if self._refused is not None:
            raise self._refused
        link = self._link = self._link or Link(self._where)
        try:
            kind, said = link.asked(question, SECONDS)
        except TimeoutError as problem:
            self._end(link)
            raise seal_unavailable(f"{self._name}: no answer within {SECONDS:g} s") from problem
        except (OSError, EOFError) as problem:
            self._end(link)
            raise _Lost("its library ended by itself") from problem
        if kind == DONE:
            return said
        self._end(link)
        if kind == WRONG_PIN:
            self._refused = _wrong_pin(self._token)
            raise self._refused
        raise _Lost(said)

    def _end(self, link: Link) -> None:
        self._link = None
        link.end()


class _Lost(Exception):
    """Another session may do better, at once."""


@lru_cache(maxsize=4)
def _device(module: Path, token: str, pin: str, label: str) -> Device:
    return Device(module, token, pin, label)


def seal_in_device(settings: Settings, chain: Sequence[x509.Certificate]) -> Seal:
    """The certificates are those given, else those that the device holds; the key's own is the one of nobody else."""
    if settings.signing_pkcs11_module is None:
        raise ValueError("no device is set")
    device = _device(
        settings.signing_pkcs11_module,
        settings.signing_pkcs11_token,
        settings.signing_pkcs11_pin,
        settings.signing_pkcs11_label,
    )
    held = list(chain) or device.certificates()
    own = _own(device, held)
    return Seal.of(device, own, [one for one in held if one != own], at=clock.now())


def _own(device: Device, held: Sequence[x509.Certificate]) -> x509.Certificate:
    """Found by a signature: devices differ in what else they tell about a key."""
    probe = b"which certificate is it?"
    signature = device.sign(probe)
    for one in held:
        if _made_by(one, signature, probe):
            return one
    raise Refusal(
        "seal_unusable",
        N_(
            "There is no certificate for the key in the device. Put it into the device, or name a file with it and "
            "those above it in SIGNING_CHAIN."
        ),
    )


def _made_by(one: x509.Certificate, signature: bytes, data: bytes) -> bool:
    key = one.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            return True
    except InvalidSignature:
        pass
    return False


def _wrong_pin(token: str) -> Refusal:
    return Refusal(
        "seal_unusable",
        N_(
            "The device %(token)s refuses the PIN in SIGNING_PKCS11_PIN. It is not tried again, so that the device "
            "does not lock itself: set the right PIN and start again."
        ),
        status=503,
        token=token,
    )
