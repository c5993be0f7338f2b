"""Whoever is asked has so much time for the whole answer, however busily the line goes on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from certificates.signing.fetching import fetched

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"


@contextmanager
def serving(first: bytes, again: bytes) -> Iterator[str]:
    """One that sends the first, and then a little more for as long as anybody listens."""
    over = Event()

    def answer() -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            line.recv(65536)
            line.sendall(first)
            while again and not over.wait(0.01):
                line.sendall(again)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/tsa"
        finally:
            over.set()
            thread.join()


def asked(url: str, seconds: float) -> bytes:
    return fetched(url, ConnectionAbortedError, seconds=seconds, most_bytes=65536, body=b"question")


def test_an_answer() -> None:
    with serving(HEAD + b"Content-Length: 6\r\n\r\nanswer", b"") as url:
        assert asked(url, 60) == b"answer"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b"H"),
        (HEAD, b"X-More: yes\r\n"),
        (HEAD + b"Content-Length: 65000\r\n\r\n", b"a"),
        (HEAD + b"\r\n", b"a"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["status", "headers", "counted", "to the end", "in pieces"],
)
def test_one_that_never_comes_to_an_end_is_cut_off(first: bytes, again: bytes) -> None:
    with serving(first, again) as url, pytest.raises(ConnectionAbortedError, match=url):
        asked(url, 0.3)


def test_one_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(ConnectionAbortedError, match="127"):
        asked(f"http://127.0.0.1:{listening.getsockname()[1]}/", 0.3)
