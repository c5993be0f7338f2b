"""A question to a device's process and its answer within a time; whoever does not answer is ended."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from certificates.signing import device_process

PROGRAM = Path(device_process.__file__)
_ended: list[int] = []
"""Processes that were told to end and may not have yet: nobody waits for them."""


class Link:
    """A running process, started without a shell or a fork of this one's memory, from whatever thread."""

    def __init__(self, device: tuple[str, str, str, str]) -> None:
        asked, self._ask = Pipe(duplex=False)
        self._hear, told = Pipe(duplex=False)
        pipes = (
            (os.POSIX_SPAWN_DUP2, asked.fileno(), device_process.QUESTIONS),
            (os.POSIX_SPAWN_DUP2, told.fileno(), device_process.ANSWERS),
            (os.POSIX_SPAWN_DUP2, 2, 1),  # what a library prints is no answer
        )
        self.pid = os.posix_spawn(sys.executable, [sys.executable, "-P", str(PROGRAM)], os.environ, file_actions=pipes)
        asked.close()
        told.close()
        self._ask.send(device)

    def asked(self, question: bytes | None, seconds: float) -> tuple[str, Any]:
        """What kind of answer, and the answer; OSError or EOFError where the process is gone, TimeoutError where it
        does not answer."""
        self._ask.send(question)
        if not self._hear.poll(seconds):
            raise TimeoutError
        kind, answer = self._hear.recv()
        return kind, answer

    def end(self) -> None:
        self._ask.close()
        self._hear.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        _ended.append(self.pid)
        _ended[:] = [pid for pid in _ended if _lingers(pid)]


def _lingers(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:  # of the process that this one was forked from
        return False
