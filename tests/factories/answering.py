"""A server on 127.0.0.1 that answers as a test tells it, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Asked:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answering:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def answering(
    answer: Callable[[Asked], tuple[int, bytes]], headers: Mapping[str, str] | None = None
) -> Iterator[Answering]:
    """`answer`: what was asked → status and body."""
    seen = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = Asked(self.path, dict(self.headers), self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            seen.asked.append(asked)
            status, body = answer(asked)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815  # the name it is called by

        def log_message(self, *_given: object) -> None:
            """No line for each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
