"""The page of a paper under a key of its own, so that it may wait at the candidate's computer before the start.

AES-256-GCM over the compressed page. The key follows from the server's secret, the attempt, the paper and the terms of
the session that shape the page, so it is kept nowhere and every host has the same; the answer to the start tells it.
A page made before the paper or the terms changed no longer opens, and the browser asks for the page as ever.
"""

from __future__ import annotations

import gzip
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.crypto import derived

NONCE = 12
TERMS = (
    "md5(concat_ws('|', {row}.signals, {row}.full_screen, {row}.lockdown, {row}.camera, {row}.screen,"
    " {row}.capture_seconds))"
)
"""In SQL, of a row of session_integrity or none: what of the terms shows on the page."""
LEVEL = 4
"""Of compression: a fifth smaller than the quickest, at two thirds of the usual one's time."""


def key_of(secret: str, attempt_id: int, paper_id: int, terms: str) -> bytes:
    return derived(secret, f"sealed-page {attempt_id} {paper_id} {terms}")


def seal(key: bytes, attempt_id: int, page: str) -> bytes:
    """Nonce, then what the browser's WebCrypto opens; the same page is never sealed twice alike."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, gzip.compress(page.encode(), LEVEL, mtime=0), _about(attempt_id))


def opened(key: bytes, attempt_id: int, sealed: bytes) -> str:
    """As the candidate's browser opens it; raises cryptography's InvalidTag for any other key or attempt."""
    plain = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], _about(attempt_id))
    return gzip.decompress(plain).decode()


def _about(attempt_id: int) -> bytes:
    return f"exam-page {attempt_id}".encode()
