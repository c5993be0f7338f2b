"""Time-stamp authorities that answer by HTTP, and several of them in turn."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from app.core import heavy
from certificates.signing.fetching import fetched
from certificates.signing.timestamps import Authority, Token
from certificates.signing.unavailable import Unavailable, timestamp_unavailable

SECONDS = 10.0
MOST_BYTES = 64 * 1024


class RemoteAuthority(Authority):
    """One that answers by HTTP."""

    def __init__(
        self,
        url: str,
        roots: Sequence[x509.Certificate],
        *,
        username: str = "",
        password: str = "",
        seconds: float = SECONDS,
    ) -> None:
        super().__init__(roots)
        self.name, self._seconds = url, seconds
        self._headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        if username:
            proof = base64.b64encode(f"{username}:{password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {proof}"

    def answer(self, request: bytes, at: datetime) -> bytes:
        return fetched(
            self.name,
            timestamp_unavailable,
            seconds=self._seconds,
            most_bytes=MOST_BYTES,
            body=request,
            headers=self._headers,
        )


class InTurn:
    """Several authorities: who does not answer is left out until another does not answer either."""

    def __init__(self, authorities: Sequence[Authority]) -> None:
        self._authorities, self._lock = list(authorities), heavy.lock()

    @property
    def room(self) -> int:
        return max(one.room for one in self._authorities)

    def token(self, digest: bytes, *, at: datetime) -> Token:
        seen = []
        for one in tuple(self._authorities):
            try:
                return one.token(digest, at=at)
            except Unavailable as problem:
                seen.append(problem.about)
                self._later(one)
        raise timestamp_unavailable("; ".join(seen))

    def _later(self, one: Authority) -> None:
        with self._lock:
            self._authorities.sort(key=lambda other: other is one)
