"""Password hashing: argon2id at the cost OWASP names for servers, about 20-30 ms here."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_hex(16))

MINIMUM_LENGTH = 10
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def hashed_generated(password: str) -> str:
    """For a password that `generated` made: at 69 random bits no slow hash is needed, and many can be made at once."""
    return _QUICK.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. Takes as long when there is no such account (None) as when there is."""
    try:
        fits = _HASHER.verify(password_hash or _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return fits and password_hash is not None


def generated() -> str:
    """A random password that can be read aloud: 14 letters and digits without look-alikes, 69 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(n)) for n in (5, 5, 4))
