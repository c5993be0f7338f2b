"""Many people through few connections, as behind a proxy: each does one thing after the other in its own time."""

from __future__ import annotations

import heapq
import json
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Step = Callable[["Person", dict[str, Any], float], "tuple[float, bytes] | None"]
"""What a person does after an answer: the moment and the request, or None when they have what they came for."""


@dataclass
class Person:
    """Somebody who waits; `then` decides what comes after each answer."""

    then: Step
    request: bytes
    due: float = 0.0
    known: dict[str, Any] = field(default_factory=dict)
    done_at: float = 0.0


@dataclass
class Line:
    link: socket.socket
    who: Person | None = None
    answer: bytes = b""


def run(port: int, people: Iterable[Person], connections: int, beat: Callable[[float], None] | None = None) -> float:
    """Until everybody is done; seconds. `beat` is called with the time so far about every tenth of a second."""
    everybody = list(people)
    agenda = [(one.due, number, one) for number, one in enumerate(everybody)]
    heapq.heapify(agenda)
    poll, lines = select.epoll(), dict[int, Line]()
    for _ in range(connections):
        line = Line(_opened(port))
        lines[line.link.fileno()] = line
        poll.register(line.link.fileno(), select.EPOLLIN)
    idle, ready, left = deque(lines.values()), deque[Person](), len(everybody)
    began, beaten, counter = time.perf_counter(), 0.0, len(everybody)
    while left:
        now = time.perf_counter() - began
        if beat and now - beaten > 0.1:
            beaten = now
            beat(now)
        while agenda and agenda[0][0] <= now:
            ready.append(heapq.heappop(agenda)[2])
        while ready and idle:
            line, one = idle.pop(), ready.popleft()
            line.who, line.answer = one, b""
            line.link.sendall(one.request)
        wait = min(0.05, max(agenda[0][0] - now, 0.0)) if agenda and idle else 0.05
        for number, _ in poll.poll(wait):
            line = lines[number]
            if line.who is None:  # unused for so long that the server closed it; a proxy opens another one
                poll.unregister(number)
                line.link.close()
                line.link = _opened(port)
                lines[line.link.fileno()] = lines.pop(number)
                poll.register(line.link.fileno(), select.EPOLLIN)
                continue
            if not (answer := _whole(line)):
                continue
            one, line.who = line.who, None
            idle.append(line)
            now = time.perf_counter() - began
            following = one.then(one, answer, now)
            if following is None:
                one.done_at, left = now, left - 1
            else:
                one.due, one.request = following
                counter += 1
                heapq.heappush(agenda, (one.due, counter, one))
    for line in lines.values():
        line.link.close()
    poll.close()
    return time.perf_counter() - began


def _opened(port: int) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def _whole(line: Line) -> dict[str, Any]:
    """The answer once all of it is there; a start's paper, which comes last in it, is not read."""
    part = line.link.recv(262_144)
    if not part:
        raise SystemExit("the server closed a connection")
    line.answer += part
    head, found, body = line.answer.partition(b"\r\n\r\n")
    if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]):
        return {}
    if head.startswith(b"HTTP/1.1 503") and b"\r\nRetry-After: " in head:
        return {"later": float(head.partition(b"\r\nRetry-After: ")[2].split(b"\r\n", 1)[0])}
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"refused: {line.answer[:500]!r}")
    if b"application/json" not in head:
        return {"bytes": len(body)}
    before, paper, _ = body.partition(b',"paper":')
    said: dict[str, Any] = json.loads(before + b"}" if paper else body)
    if paper:
        said["paper"] = True
    return said
