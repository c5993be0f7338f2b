"""Asks a server outside: within a time, up to a size, and never where it would rather send us."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import Any

Trouble = Callable[[str], Exception]
"""What was seen → the refusal to raise."""


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        """An authority is where the settings or a certificate say."""


class _Question(urllib.request.Request):
    """Whose connection is cut when its time is over: a server may send a byte now and then for days."""

    late = False
    _cut: Timer | None = None

    def connected(self, *where: Any) -> socket.socket:
        connection = socket.create_connection(*where)
        self._line = connection.dup()  # encryption takes the other one away
        self._cut = Timer(self.timeout or 0, self._end)
        self._cut.daemon = True
        self._cut.start()
        return connection

    def _end(self) -> None:
        self.late = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def over(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._line.close()


def _watched(kind: type[HTTPConnection], asked: _Question, host: str, **given: Any) -> HTTPConnection:
    connection = kind(host, **given)
    connection._create_connection = asked.connected  # type: ignore[attr-defined]
    return connection


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: Any) -> HTTPResponse:
        return self.do_open(partial(_watched, HTTPConnection, req), req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: Any) -> HTTPResponse:
        return self.do_open(partial(_watched, HTTPSConnection, req), req)


_opener = urllib.request.build_opener(_NoDetour, _Http, _Https)


def fetched(
    url: str,
    trouble: Trouble,
    *,
    seconds: float,
    most_bytes: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The answer's body, all of it within the time; a body given is posted."""
    if not url.startswith(("http://", "https://")):
        raise trouble(f"{url}: only http and https addresses are asked")
    asked = _Question(url, body, dict(headers or {}))
    try:
        with _opener.open(asked, timeout=seconds) as answer:
            read: bytes = answer.read(most_bytes + 1)
    except urllib.error.HTTPError as problem:
        problem.close()
        raise trouble(f"{url}: {problem}") from problem
    except (OSError, HTTPException, ValueError) as problem:
        raise trouble(f"{url}: {_slow(seconds) if asked.late else problem}") from problem
    finally:
        asked.over()
    if asked.late:
        raise trouble(f"{url}: {_slow(seconds)}")
    if len(read) > most_bytes:
        raise trouble(f"{url}: the answer is larger than {most_bytes} bytes")
    return read


def _slow(seconds: float) -> str:
    return f"no whole answer within {seconds:g} s"
