"""Whose key signs the heads of the public log: the one of the settings, or a demonstration's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.config import Settings
from app.core.errors import N_, Refusal
from certificates.log.heads import LogKey

DEMONSTRATION_KEY = "demo-log-key.pem"
PLACE = "/register/log"


def log_key(settings: Settings) -> LogKey | None:
    """None where the settings name no key: then decisions wait in line and no head is signed."""
    name = settings.public_url.partition("://")[2] + PLACE
    if settings.log_key is not None:
        return _kept(settings.log_key, name)
    if not settings.demonstration:
        return None
    return _kept(made_once(settings.data_dir / DEMONSTRATION_KEY), f"DEMONSTRATION.{name}")


def required_key(settings: Settings) -> LogKey:
    if key := log_key(settings):
        return key
    raise Refusal(
        "log_key_missing",
        N_("There is no key to sign the public log with. Set LOG_KEY to the file of an Ed25519 key, then start again."),
        status=503,
    )


@lru_cache(maxsize=8)
def _kept(path: Path, name: str) -> LogKey:
    try:
        return LogKey.from_pem(path.read_bytes(), name)
    except (OSError, ValueError, TypeError) as problem:
        raise Refusal(
            "log_key_unreadable",
            N_(
                "The key of the public log in %(path)s cannot be used. It must be an Ed25519 key in PEM form, without "
                "a passphrase, readable by the service alone: check LOG_KEY and the rights of the file."
            ),
            status=503,
            path=str(path),
        ) from problem


def made_once(path: Path, make: Callable[[], Ed25519PrivateKey | EllipticCurvePrivateKey] | None = None) -> Path:
    """A demonstration's own key, made if there is none. Two processes that start together use the same one."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = (make or Ed25519PrivateKey.generate)().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path
