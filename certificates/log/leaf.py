"""What the public log says of one event: bytes that anyone can check, and that tell a stranger nothing of a person.

The certificate stands there as a hash over its number and the hash of its document. The document holds a signature, so
nobody guesses it: without the document itself the hash leads to no number, no name and no page of the register.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

VERSION = 1
LABEL = "register-log certificate 1"
FIRST_EVENT = "issued"
_WORDS = {"valid": "reinstated"}


def commitment(serial: str, document_sha256: str) -> bytes:
    """Stands for a certificate in the log; who has the number and the document finds it again."""
    return sha256(f"{LABEL}\n{serial}\n{document_sha256}\n".encode()).digest()


def event_word(status: str, *, first: bool) -> str:
    """What happened, by the status that the register took on."""
    return FIRST_EVENT if first else _WORDS.get(status, status)


def leaf(certificate: bytes, event: str, at: datetime) -> bytes:
    """JSON in one form only: keys in order, no spaces, ASCII, the time in UTC to the microsecond."""
    said = {"at": written(at), "certificate": certificate.hex(), "event": event, "version": VERSION}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
