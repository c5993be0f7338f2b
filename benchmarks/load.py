"""A bounded load: so many connections, each sending its next request as soon as the last one is answered."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Run:
    """What was answered in one round, and how long each answer took."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000


class Connection:
    def __init__(self, port: int, requests: Callable[[], bytes | None]) -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.sent_at, self.answer = requests, 0.0, b""

    def send(self) -> bool:
        request = self.requests()
        if request is None:
            return False
        self.answer, self.sent_at = b"", time.perf_counter()
        self.link.sendall(request)
        return True

    def receive(self) -> bool:
        """Whether the answer is whole."""
        part = self.link.recv(262_144)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.answer += part
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return len(body) >= length


def post(path: str, body: bytes, token: str = "") -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(port: int, sources: Sequence[Callable[[], bytes | None]], seconds: float) -> Run:
    """One connection for each source, until the time is over or every source has run dry."""
    done, selector = Run(), selectors.DefaultSelector()
    connections = [Connection(port, source) for source in sources]
    began = time.perf_counter()
    for connection in connections:
        if connection.send():
            selector.register(connection.link, selectors.EVENT_READ, connection)
    while selector.get_map() and (now := time.perf_counter()) - began < seconds:
        for key, _ in selector.select(1.0):
            connection = key.data
            if not connection.receive():
                continue
            now = time.perf_counter()
            done.waits.append(now - connection.sent_at)
            done.refused += not connection.answer.startswith(b"HTTP/1.1 200")
            if not connection.send():
                selector.unregister(connection.link)
    done.seconds = time.perf_counter() - began
    for connection in connections:
        connection.link.close()
    selector.close()
    if done.refused:
        raise SystemExit(f"{done.refused} of {len(done.waits)} requests were refused: {connections[0].answer[:500]!r}")
    return done


def report(what: str, ours: Sequence[Run], bare: Sequence[Run]) -> None:
    for name, runs in (("bare durable statement", bare), (what, ours)):
        rate, p50, p99 = (
            statistics.median(values)
            for values in zip(*((one.rate, one.percentile(0.5), one.percentile(0.99)) for one in runs), strict=True)
        )
        print(f"  {name:<24} {rate:8,.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    ratios = sorted(one.rate / other.rate for one, other in zip(ours, bare, strict=True))
    middle = statistics.median(ratios)
    print(f"  {what} / bare: {middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f} over {len(ratios)} interleaved rounds)")
