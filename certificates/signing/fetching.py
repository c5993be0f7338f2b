"""Asks a server outside: within a time, up to a size, and never where it would rather send us."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

Trouble = Callable[[str], Exception]
"""What was seen → the refusal to raise."""


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        """An authority is where the settings or a certificate say."""


_opener = urllib.request.build_opener(_NoDetour)


def fetched(
    url: str,
    trouble: Trouble,
    *,
    seconds: float,
    most_bytes: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The answer's body; a body given is posted."""
    if not url.startswith(("http://", "https://")):
        raise trouble(f"{url}: only http and https addresses are asked")
    asked = urllib.request.Request(url, body, dict(headers or {}))  # noqa: S310  # looked at above
    try:
        with _opener.open(asked, timeout=seconds) as answer:
            read: bytes = answer.read(most_bytes + 1)
    except urllib.error.HTTPError as problem:
        problem.close()
        raise trouble(f"{url}: {problem}") from problem
    except (OSError, HTTPException, ValueError) as problem:
        raise trouble(f"{url}: {problem}") from problem
    if len(read) > most_bytes:
        raise trouble(f"{url}: the answer is larger than {most_bytes} bytes")
    return read
