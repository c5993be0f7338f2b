"""Memory while an exam goes on: of each web process and the worker, and what one running attempt takes.

Saves arrive all the time; in between whole papers are looked at again, lobbies and pages asked for, as on a long day.

python -m benchmarks.memory [MINUTES] [SAVES_A_SECOND]
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

import psutil
import psycopg
import redis
from sqlalchemy import make_url

from app.config import Settings
from benchmarks import load, sitting
from benchmarks.starts import get
from benchmarks.store import ROOT, Store, prepared

CANDIDATES, RATE, SLICE = 400, 300.0, 10.0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Sample:
    """Megabytes that no other process shares, after so many requests."""

    requests: int
    web: tuple[float, ...]
    worker: float


@contextmanager
def working(store: Store) -> Iterator[int]:
    """The background worker beside the server; its process."""
    command = [sys.executable, "-m", "flask", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(store.env), stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def measure(store: Store, minutes: float, rate: float = RATE) -> None:
    rng, passes = random.Random(4), dict(list(sitting.tokens(store).items())[:CANDIDATES])  # noqa: S311
    with store.serving("wsgi:app") as port, working(store) as worker:
        began, before = time.perf_counter(), _redis_bytes(store)
        empty = _sample(store, port, worker, 0)
        sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in passes.items()}
        sources = [sitting.saving(attempt, sheet["token"], sheet, rng) for attempt, sheet in sheets.items()]
        samples, done = list[Sample](), 0
        for number in count():
            moments = load.arriving(rate, SLICE, rng)
            share = len(moments) // len(sources) + 1
            done += len(load.held(port, [load.made(one, share) for one in sources], moments).waits)
            done += _looked(port, passes, number)
            samples.append(_sample(store, port, worker, done))
            if time.perf_counter() - began >= 60 * minutes and len(samples) > 2:
                break
        print(f"memory: {len(passes)} candidates at work, {done:,} requests in {time.perf_counter() - began:,.0f} s")
        _told(empty, samples)
        _per_attempt(store, len(passes), before)


def _looked(port: int, passes: Mapping[int, str], number: int) -> int:
    """Pages opened again and lobbies asked, by a tenth of the candidates in turn."""
    some = [one for place, one in enumerate(passes.items()) if place % 10 == number % 10]
    paths = [(f"/exam/{attempt}", f"/api/v1/attempts/{attempt}/lobby") for attempt, _ in some]
    requests = iter([get(path, token) for (_, token), both in zip(some, paths, strict=True) for path in both])
    return len(load.run(port, [lambda: next(requests, None)], 600).waits)


def _sample(store: Store, port: int, worker: int, requests: int) -> Sample:
    web = psutil.Process(store.served[port].pid).children()
    own = tuple(sorted(one.memory_full_info().uss / MEGABYTE for one in web))
    return Sample(requests, own, psutil.Process(worker).memory_full_info().uss / MEGABYTE)


def _told(empty: Sample, samples: list[Sample]) -> None:
    """Caches fill at first; what counts is whether it goes on, so the second half is told by itself."""
    middle, last = samples[len(samples) // 2], samples[-1]
    for name, values in (
        ("web, all processes", [sum(one.web) for one in (empty, samples[0], middle, last)]),
        ("worker", [one.worker for one in (empty, samples[0], middle, last)]),
    ):
        growth = (values[3] - values[2]) / max(1, last.requests - middle.requests) * 10_000
        print(
            f"  {name:20} started {values[0]:6.1f} MB   warm {values[1]:6.1f}   half-way {values[2]:6.1f}"
            f"   at the end {values[3]:6.1f}   second half {growth:+.3f} MB for 10,000 requests"
        )


def _per_attempt(store: Store, attempts: int, redis_before: int) -> None:
    url = make_url(Settings.from_env(store.env).database_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as link:
        rows = {
            table: _number(link, f"SELECT count(*) FROM {table} WHERE attempt_id IN"  # noqa: S608
                           " (SELECT id FROM attempt WHERE state = 'in_progress')")
            for table in ("response", "attempt_change")
        }  # fmt: skip
        paper = _number(link, "SELECT avg(pg_column_size(items)) FROM paper")
    told = ", ".join(f"{number / attempts:,.0f} rows of {table}" for table, number in rows.items())
    print(f"  a running attempt: one row each of attempt, paper ({paper:,.0f} bytes) and seat, {told};")
    print(f"  {max(0, _redis_bytes(store) - redis_before) / attempts:,.0f} bytes in Redis")


def _number(link: psycopg.Connection[tuple[object, ...]], query: str) -> float:
    row = link.execute(query.encode()).fetchone()
    return float(str(row[0])) if row and row[0] is not None else 0.0


def _redis_bytes(store: Store) -> int:
    address = Settings.from_env(store.env).redis_url
    path = urlsplit(address)
    client = redis.Redis(unix_socket_path=path.path) if path.scheme == "unix" else redis.Redis.from_url(address)
    try:
        return int(client.info("memory")["used_memory_dataset"])
    finally:
        client.close()


def main(minutes: float = 1.0, rate: float = RATE) -> None:
    with prepared(CANDIDATES) as store:
        measure(store, minutes, rate)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
