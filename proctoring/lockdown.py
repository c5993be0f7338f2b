"""The keys by which Safe Exam Browser shows its configuration. Values in, values out.

The Config Key is the SHA-256 of the configuration written as "SEB-JSON", a form of its own: no white space, no
escapes, dictionaries sorted by name regardless of case, empty ones left out, `originatorVersion` not counted. With
every request the browser sends the SHA-256 of the address followed by that key; a page can ask for the same by
script. Whoever holds the file can compute the key, so all this keeps out mistakes and idle tries, not an expert.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

UNCOUNTED = "originatorVersion"
KEY_LENGTH = 64


class Mode(StrEnum):
    OFF = "off"
    ALLOWED = "allowed"
    """Offered to the candidates, asked of nobody."""
    REQUIRED = "required"


def seb_json(value: Any) -> str:
    """A value of a property list in the form that its key is made of."""
    if isinstance(value, Mapping):
        kept = [name for name in value if not (isinstance(value[name], Mapping) and not value[name])]
        return "{" + ",".join(f'"{name}":{seb_json(value[name])}' for name in sorted(kept, key=_order)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(seb_json, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else f'"{_text(value)}"'


def config_key(config: Mapping[str, Any]) -> str:
    """The key of a configuration, 64 hexadecimal digits."""
    counted = {name: value for name, value in config.items() if name != UNCOUNTED}
    return sha256(seb_json(counted).encode()).hexdigest()


def request_hash(address: str, key: str) -> str:
    """What a browser with this key sends along with a request for the address."""
    return sha256((address.partition("#")[0] + key).encode()).hexdigest()


def shown(address: str, presented: Iterable[str], keys: Iterable[str]) -> bool:
    """Whether any of what was presented belongs to one of the keys. Right or wrong takes as long."""
    given = [one.strip().lower()[: KEY_LENGTH + 1].encode() for one in presented if one]
    wanted = [request_hash(address, key).encode() for key in keys if key]
    return sum([hmac.compare_digest(one, other) for one in given for other in wanted]) > 0


def is_key(text: str) -> bool:
    return len(text) == KEY_LENGTH and all(one in "0123456789abcdef" for one in text)


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _order(name: str) -> tuple[str, str]:
    """Regardless of case; of two names that differ by case alone the one with the small letter comes first."""
    return name.lower(), name.swapcase()
