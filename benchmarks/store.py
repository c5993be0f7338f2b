"""A store of its own for the measurements: real servers with fsync, the shipped bank, a demonstration session."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from deploy import local

ROOT = Path(__file__).resolve().parent.parent
SCHEME, LEVEL = "PTS152010301-01", "junior"


@dataclass(frozen=True)
class Store:
    env: Mapping[str, str]
    demonstration: Mapping[str, Any]
    served: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    """By port."""

    def flask(self, *arguments: str) -> str:
        return _flask(self.env, *arguments)

    @contextmanager
    def serving(self, application: str, **settings: str) -> Iterator[int]:
        """A gunicorn as `make run` starts it, with other `settings` in its environment; the port it listens on."""
        told = Path(self.env["DATA_DIR"]) / "served.log"
        with socket.create_server(("127.0.0.1", 0), backlog=4096) as taken, told.open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{taken.fileno()}", application]
            env = {**self.env, **settings}
            process = subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[taken.fileno()], stderr=log)
            port = taken.getsockname()[1]
            try:
                _await(port, process, told)
                self.served[port] = process
                yield port
            finally:
                process.terminate()
                process.wait(60)

    def spent(self, port: int) -> tuple[float, float]:
        """Seconds of processor time so far: of the server at `port`, and of the database."""
        return _family(self.served[port].pid), self.database_spent()

    def database_spent(self) -> float:
        (pid_file,) = Path(self.env["DATA_DIR"]).rglob("postmaster.pid")
        return _family(int(pid_file.read_text().split()[0]))


def _family(pid: int) -> float:
    """Of a process, its children, and those that have ended."""
    parent = psutil.Process(pid)
    own = parent.cpu_times()
    total: float = own.user + own.system + own.children_user + own.children_system
    for child in parent.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # what ended meanwhile is its parent's
            times = child.cpu_times()
            total += times.user + times.system
    return total


@contextmanager
def prepared(candidates: int) -> Iterator[Store]:
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve() / "bench"
    with ExitStack() as leaving:
        leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        leaving.callback(local.stop, folder)
        local.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        servers = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
        env = {name: value for name, value in os.environ.items() if name not in servers}
        env |= {"DATA_DIR": str(folder), "FLASK_APP": "wsgi:app"}
        _flask(env, "db", "upgrade")
        _flask(env, "bank", "import", str(ROOT / "question_bank" / "content" / LEVEL))
        asked = ("--scheme", SCHEME, "--level", LEVEL, "--candidates", str(candidates), "--minutes", "120", "--json")
        yield Store(env, json.loads(_flask(env, "demo", "create", *asked)))


def _flask(env: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"flask {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def _await(port: int, process: subprocess.Popen[bytes], told: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"the server to be measured did not start: {told.read_text()[-2000:]}")
