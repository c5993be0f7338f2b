"""Further processes that work off a long queue of orders beside the worker, one for each core it has not.

A helper takes orders as any worker does, so that it needs to be told nothing but the settings, and may be killed at
any moment. It ends when nothing is due, or when the pipe from the process that called it closes with that process.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
WORTH_A_PROCESS = 200
"""Starting one takes a second or two of a core: the fonts alone are read in half of one."""


class Helpers:
    """Those that this process called."""

    def __init__(self) -> None:
        self._called: list[subprocess.Popen[bytes]] = []

    def wanted(self, settings: Settings) -> bool:
        ended = [one for one in self._called if one.poll() is not None]
        for one in ended:
            _let_go(one)
            self._called.remove(one)
        return len(self._called) < settings.issuing_processes - 1

    def call(self, settings: Settings, due: int) -> None:
        missing = settings.issuing_processes - 1 - len(self._called)
        for _ in range(min(missing, due // WORTH_A_PROCESS)):
            self._called.append(_started(settings))

    def dismiss(self) -> None:
        """Each ends after what it has in hand."""
        for one in self._called:
            _let_go(one)
        for one in self._called:
            one.wait(60)
        self._called = []


def _let_go(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _started(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "certificates.batches.helper"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT)
    with suppress(BrokenPipeError):  # it did not live to hear of it: the worker does the work alone
        assert process.stdin is not None  # noqa: S101
        pickle.dump(settings, process.stdin)
        process.stdin.flush()
    return process
