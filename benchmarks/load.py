"""Load from one light process: closed (each connection sends when it is answered) or open (at a rate, come what may).

It shares the machine with what it measures, so requests are made beforehand and answers hardly looked at.
"""

from __future__ import annotations

import random
import select
import socket
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

ENOUGH = 65_536


@dataclass
class Run:
    """What was answered in one round, and how long each answer took."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    example: bytes = b""
    app: float = 0.0
    database: float = 0.0
    """Processor time of server and database in milliseconds a request, where it was asked for."""

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000

    def answered(self, wait: float, answer: bytes) -> None:
        self.waits.append(wait)
        if not answer.startswith(b"HTTP/1.1 200"):
            self.refused += 1
            self.example = answer

    def all_served(self) -> Run:
        if self.refused:
            raise SystemExit(f"{self.refused} of {len(self.waits)} requests were refused: {self.example[:500]!r}")
        return self


class Connection:
    def __init__(self, port: int, requests: Callable[[], bytes | None]) -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.since, self.answer = requests, 0.0, b""
        self.waiting = deque[float]()
        """The moments at which further requests were meant to leave."""

    def send(self, since: float) -> bool:
        request = self.requests()
        if request is None:
            return False
        self.answer, self.since = b"", since
        self.link.sendall(request)
        return True

    def receive(self) -> bool:
        """Whether the answer is whole."""
        part = self.link.recv(262_144)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.answer = self.answer + part if self.answer else part
        end = self.answer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self.answer[:end].lower()
        start = head.find(b"content-length:") + 15
        stop = head.find(b"\r\n", start)
        return len(self.answer) - end - 4 >= int(head[start:stop] if stop > 0 else head[start:])


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


def made(source: Callable[[], bytes], count: int) -> Callable[[], bytes | None]:
    """`count` requests made now, so that none is made while time is taken."""
    ready: Iterator[bytes] = iter([source() for _ in range(count)])
    return lambda: next(ready, None)


def run(port: int, sources: Sequence[Callable[[], bytes | None]], seconds: float) -> Run:
    """Closed: one connection for each source, until the time is over or every source has run dry."""
    done, poll = Run(), select.epoll()
    connections = {one.link.fileno(): one for one in (Connection(port, source) for source in sources)}
    began = time.perf_counter()
    going = 0
    for number, connection in connections.items():
        if connection.send(time.perf_counter()):
            poll.register(number, select.EPOLLIN)
            going += 1
    while going and time.perf_counter() - began < seconds:
        for number, _ in poll.poll(1.0):
            connection = connections[number]
            if connection.receive():
                now = time.perf_counter()
                done.answered(now - connection.since, connection.answer)
                if not connection.send(now):
                    poll.unregister(number)
                    going -= 1
    done.seconds = time.perf_counter() - began
    _end(poll, connections.values())
    return done.all_served()


def arriving(rate: float, seconds: float, rng: random.Random) -> list[float]:
    """Moments at which independent people send, `rate` a second on average."""
    moments, now = [], 0.0
    while (now := now + rng.expovariate(rate)) < seconds:
        moments.append(now)
    return moments


def held(port: int, sources: Sequence[Callable[[], bytes | None]], moments: Sequence[float]) -> Run:
    """Open: one request at each moment, whatever became of those before; waiting counts from the moment it was due.

    Each request goes to the next connection in turn. One that still waits for its last answer sends it after that.
    """
    done, poll = Run(), select.epoll()
    connections = [Connection(port, source) for source in sources]
    by_number = {one.link.fileno(): one for one in connections}
    busy = set[int]()
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    began, next_one, left = time.perf_counter(), 0, len(moments)
    while left:
        now = time.perf_counter() - began
        while next_one < len(moments) and moments[next_one] <= now:
            connection = connections[next_one % len(connections)]
            number = connection.link.fileno()
            if number in busy:
                connection.waiting.append(moments[next_one])
            elif connection.send(began + moments[next_one]):
                busy.add(number)
            next_one += 1
        until = moments[next_one] - now if next_one < len(moments) else 1.0
        for number, _ in poll.poll(max(until, 0.001)):
            connection = by_number[number]
            if not connection.receive():
                continue
            done.answered(time.perf_counter() - connection.since, connection.answer)
            left -= 1
            if not connection.waiting or not connection.send(began + connection.waiting.popleft()):
                busy.discard(number)
    done.seconds = time.perf_counter() - began
    _end(poll, connections)
    return done.all_served()


def _end(poll: select.epoll, connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.link.close()
    poll.close()


def report(what: str, ours: Sequence[Run], bare: Sequence[Run], against: str = "bare durable statement") -> float:
    for name, runs in ((against, bare), (what, ours)):
        rate, p50, p99, app, database = (
            statistics.median(values)
            for values in zip(
                *((one.rate, one.percentile(0.5), one.percentile(0.99), one.app, one.database) for one in runs),
                strict=True,
            )
        )
        costs = f"   processor time {app:.3f} + database {database:.3f} ms" if app else ""
        print(f"  {name:<24} {rate:8,.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms{costs}")
    ratios = sorted(one.rate / other.rate for one, other in zip(ours, bare, strict=True))
    middle = statistics.median(ratios)
    print(f"  {what} / bare: {middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f} over {len(ratios)} interleaved rounds)")
    return middle
