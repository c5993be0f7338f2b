"""make run: the whole engine on one machine, from an empty folder to a page that answers, until Ctrl-C.

One process holds everything together: embedded servers where none are named, one worker, one gunicorn. When it
ends, so do they; were it killed outright, its children end with it and the servers are found again next time.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from app.core import metrics_folder
from app.core.errors import N_, Refusal
from deploy import local, places
from deploy.say import refusal_in_words, say

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_AT_START = 120
PATIENCE_AT_END = 20
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Somebody asked us to end."""


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    data_dir, port = places.prepare(Path(os.environ.get("DATA_DIR") or "var")), _port()
    os.environ["DATA_DIR"], os.environ["PORT"] = str(data_dir), str(port)
    os.environ.setdefault("LOG_LEVEL", "warning")  # the terminal is for people
    metrics_folder.forget_the_dead(metrics_folder.shared_folder(os.environ))
    with only_one(data_dir, port), held(port) as taken:
        try:
            say(N_("Starting the servers under %(path)s …"), path=data_dir)
            _ensure_stores(data_dir)
            _first_start()
            serve(taken)
        except Stopped:
            say(N_("Stopping …"))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            local.stop(data_dir)
    say(N_("Everything has stopped. Your data is in %(path)s"), path=data_dir)


def _ensure_stores(data_dir: Path) -> None:
    """Here rather than in the parts, so that the first thing to go wrong is told once and plainly."""
    if not os.environ.get("DATABASE_URL"):
        local.ensure_database(data_dir)
    if not os.environ.get("REDIS_URL"):
        local.ensure_redis(data_dir)


def _first_start() -> None:
    """In a process of its own: what it needs of memory is given back."""
    child = _child("deploy.first_start")
    try:
        if child.wait() != 0:
            raise Refusal("not_prepared", N_("The store could not be prepared; the reason is above."))
    finally:
        _end([child])


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 2**16:
        raise Refusal("port_invalid", N_("PORT=%(port)s is no port. Give a number from 1 to 65535."), port=given)
    return int(given)


@contextmanager
def only_one(data_dir: Path, port: int) -> Iterator[None]:
    """Two engines on one store would be two sets of workers that nobody sees: the second is sent to the first."""
    with (data_dir / ".run.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            url, _, process = handle.read().partition(" ")
            raise Refusal(
                "already_running",
                N_(
                    "This store is already served at %(url)s by process %(process)s. "
                    "Use it, stop it with Ctrl-C there, or name another DATA_DIR and PORT."
                ),
                url=url,
                process=process,
            ) from None
        handle.truncate(0)
        handle.write(f"http://127.0.0.1:{port} {os.getpid()}")
        handle.flush()
        yield


@contextmanager
def held(port: int) -> Iterator[socket.socket]:
    """The port is ours before the long preparations begin, and handed over open, so that nobody slips in between."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refusal(
                "port_busy",
                N_("Port %(port)s cannot be used (%(reason)s). Choose another one: make run PORT=%(other)s"),
                port=port,
                other=port + 1 if port < 2**16 - 1 else 8000,
                reason=error.strerror,
            ) from error
        yield taken


def serve(taken: socket.socket) -> None:
    gunicorn = ["gunicorn", "--bind", f"fd://{taken.fileno()}", "--graceful-timeout", "5", "wsgi:app"]
    address = f"127.0.0.1:{taken.getsockname()[1]}"
    children = [_child("flask", "--app", "wsgi:app", "worker"), _child(*gunicorn, keep=[taken.fileno()])]
    try:
        _await_answer(f"http://{address}/readyz", children)
        say(N_("Ready: http://%(address)s   (Ctrl-C stops everything)"), address=address)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise Refusal("child_ended", N_("A part of the engine has ended by itself; its reason is above."))
    finally:
        _end(children)


def _child(*command: str, keep: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Out of the terminal's reach, so that Ctrl-C comes to us alone and we end the parts in order."""
    arguments = [sys.executable, "-m", *command]
    return subprocess.Popen(
        arguments,
        cwd=ROOT,
        pass_fds=keep,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  (no thread runs here)
    )


def _end_with_parent() -> None:
    with suppress(OSError, AttributeError):  # Linux only; elsewhere only an outright kill leaves children behind
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _await_answer(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE_AT_START
    while time.monotonic() < until and all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise Refusal("not_ready", N_("The engine does not answer at %(url)s; the reason is above."), url=url)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        with suppress(ProcessLookupError):
            child.terminate()
    until = time.monotonic() + PATIENCE_AT_END
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        sys.exit(refusal_in_words(refusal))
