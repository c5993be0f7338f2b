"""Web hosts as a machine's supervisor runs them: gunicorn and a worker each, started again whenever they end."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from tests.faults.clock import Clock
from tests.faults.network import Namespace
from tests.faults.proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
RESTART_AFTER = 1.0
SECRET = "a secret of the fault harness only, long enough"


class Reachable(Protocol):
    """Stores, as far as a host needs to know them."""

    database_socket: Path
    redis_socket: Path


class Service:
    """One process group that is always wanted; what is left of it is removed before it is started again."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self._command, self._env, self._log = list(command), dict(env), log
        self._ended = threading.Event()
        self.starts = 0
        self.process = self._start()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True, name="service")
        self._supervisor.start()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def kill_child(self, chance: random.Random) -> None:
        with suppress(psutil.Error):
            if children := psutil.Process(self.process.pid).children():
                os.kill(chance.choice(children).pid, signal.SIGKILL)

    def close(self) -> None:
        self._ended.set()
        self._supervisor.join(RESTART_AFTER + 5)
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self._sweep()
        self.process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def _supervise(self) -> None:
        while not self._ended.wait(0.2):
            if self.process.poll() is None:
                continue
            self._sweep()
            if not self._ended.wait(RESTART_AFTER):
                self.process = self._start()

    def _sweep(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Host:
    """A web host: gunicorn and worker, a clock, lines to the database and Redis, and the browsers' line to it."""

    def __init__(
        self, name: str, stores: Reachable, logs: Path, network: Namespace | None = None, workers: int = 2
    ) -> None:
        self.name, self.port, self.network = name, free_port(), network
        here, self.inside = (network.outside, network.inside) if network else ("127.0.0.1", "127.0.0.1")
        self.to_database, self.to_redis = Proxy(stores.database_socket, here), Proxy(stores.redis_socket, here)
        self.browsers = Proxy((self.inside, self.port))
        self.clock = Clock(logs / f"{name}.clock")
        database = f"postgresql://exam@{here}:{self.to_database.port}/exam?connect_timeout=5"
        redis = f"redis://{here}:{self.to_redis.port}/0"
        env = environment(database, redis, logs / f"{name}-data") | self.clock.environment
        self.log = logs / f"{name}.log"
        worker = [sys.executable, "-m", "flask", "--app", "wsgi:app", "worker"]
        web = [sys.executable, "-m", "gunicorn", "--workers", str(workers), "--bind", f"{self.inside}:{self.port}"]
        web.append("wsgi:app")
        commands = [network.within(one) for one in (worker, web)] if network else [worker, web]
        self.worker, self.web = (Service(command, env, self.log) for command in commands)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.browsers.port

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.inside}:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError, http.client.HTTPException):
            return False

    def pull_cable(self) -> None:
        """Cut off from everything; without a network of its own, as near to it as the lines allow."""
        if self.network:
            self.network.pull(True)
            return
        for line in (self.to_database, self.to_redis):
            line.hold(True)
        self.browsers.refuses = True
        self.browsers.cut()

    def heal(self) -> None:
        if self.network:
            self.network.pull(False)
        for line in (self.browsers, self.to_database, self.to_redis):
            line.restore()

    def close(self) -> None:
        self.web.close()
        self.worker.close()
        for line in (self.browsers, self.to_database, self.to_redis):
            line.close()
        if self.network:
            self.network.close()


def environment(database: str, redis: str, data: Path) -> dict[str, str]:
    """What the services of one host are told, as deploy/exam.env.example does."""
    metrics = data / "metrics"
    metrics.mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(data),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(check: Callable[[], bool], patience: float, what: str) -> float:
    """Seconds until it held; ends the run when it never does."""
    began = time.monotonic()
    while not check():
        if time.monotonic() - began > patience:
            raise AssertionError(f"after {patience:.0f} s still not: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def flask(database: str, redis_socket: Path, data: Path, *arguments: str) -> str:
    """One of the engine's own commands, past every line that may be cut."""
    env = os.environ | {"DATABASE_URL": database, "SECRET_KEY": SECRET, "DATA_DIR": str(data)}
    env |= {"REDIS_URL": f"unix://{redis_socket}?db=0"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi:app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"flask {' '.join(arguments[:2])} failed: {done.stderr[-2000:]}")
    return done.stdout
