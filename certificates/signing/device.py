"""A signing key in a device (PKCS#11): the device signs, and never lets the key out.

The session is opened when first needed and again when it was lost. A PIN that was refused once is not tried again by
this process: devices lock themselves after a few tries.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11.util.ec import encode_ecdsa_signature

from app.config import Settings
from app.core import clock
from app.core.errors import N_, Refusal
from certificates.signing.seal import Seal
from certificates.signing.unavailable import Unavailable, seal_unavailable

WRONG_PIN = (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinLocked, pkcs11.exceptions.PinInvalid)


class Device:
    """A token, found by its label behind a PKCS#11 library, with the key of one label in it."""

    def __init__(self, module: Path, token: str, pin: str, label: str) -> None:
        self._module, self._token, self._pin, self._label = module, token, pin, label
        self._lock, self._held = threading.Lock(), _Held()
        self._refused: Refusal | None = None

    def sign(self, data: bytes) -> bytes:
        """The raw mechanism with the digest made here: not every device hashes."""
        digest = sha256(data).digest()
        raw = self._asked(lambda held: held.key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        return bytes(encode_ecdsa_signature(raw))

    def certificates(self) -> list[x509.Certificate]:
        """All that the device holds."""
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
        found = self._asked(lambda held: [one[pkcs11.Attribute.VALUE] for one in held.session.get_objects(wanted)])
        return [x509.load_der_x509_certificate(one) for one in found]

    def _asked(self, work: Any) -> Any:
        with self._lock:
            if self._refused is not None:
                raise self._refused
            try:
                return work(self._opened())
            except (pkcs11.PKCS11Error, Unavailable):
                self._held = _Held()
            try:  # the device was taken out, or restarted: once more from the start
                return work(self._opened(again=True))
            except pkcs11.PKCS11Error as problem:
                self._held = _Held()
                raise seal_unavailable(f"{self._module.name}, {self._token}: {_words(problem)}") from problem

    def _opened(self, *, again: bool = False) -> _Held:
        if self._held.process != os.getpid():  # a library's connections do not survive a fork
            self._held = self._open(again or bool(self._held.process))
        return self._held

    def _open(self, again: bool) -> _Held:
        try:
            library = pkcs11.lib(str(self._module))
            if again:
                library.reinitialize()
            session = library.get_token(token_label=self._token).open(user_pin=self._pin or None)
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self._label)
        except WRONG_PIN as problem:
            self._refused = _wrong_pin(self._token)
            raise self._refused from problem
        except RuntimeError as problem:  # the library itself
            raise seal_unavailable(f"{self._module}: {problem}") from problem
        return _Held(os.getpid(), session, key)


class _Held:
    """A session of this process, and the key in it."""

    def __init__(self, process: int = 0, session: Any = None, key: Any = None) -> None:
        self.process, self.session, self.key = process, session, key


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


def _words(problem: Exception) -> str:
    return str(problem) or type(problem).__name__
