"""A network of a host's own, whose cable can be pulled: packets vanish, and nobody is told. Needs root and ip."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress

IP = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")


class Namespace:
    """Two ends of a cable: `outside` for the stores and the browsers, `inside` for the host."""

    def __init__(self, number: int) -> None:
        self.name = f"exam-{os.getpid()}-{number}"
        self._cable = f"exf{os.getpid() % 100_000}o{number}"
        net = f"10.{200 + os.getpid() % 50}.{number}"
        self.outside, self.inside = f"{net}.1", f"{net}.2"
        other = self._cable.replace("o", "i")
        _ip("netns", "add", self.name)
        try:
            _ip("link", "add", self._cable, "type", "veth", "peer", "name", other, "netns", self.name)
            _ip("addr", "add", f"{self.outside}/30", "dev", self._cable)
            _ip("link", "set", self._cable, "up")
            for command in (("addr", "add", f"{self.inside}/30", "dev", other), ("link", "set", other, "up"),
                            ("link", "set", "lo", "up")):  # fmt: skip
                _ip("-n", self.name, *command)
        except subprocess.CalledProcessError:
            self.close()
            raise

    def within(self, command: Sequence[str]) -> list[str]:
        return [str(IP), "netns", "exec", self.name, *command]

    def pull(self, pulled: bool) -> None:
        _ip("link", "set", self._cable, "down" if pulled else "up")

    def close(self) -> None:
        with suppress(subprocess.CalledProcessError):
            _ip("netns", "del", self.name)


def namespace(number: int) -> Namespace | None:
    """None where this machine does not allow it; lines are then cut by the harness alone."""
    if IP is None or os.geteuid() != 0:
        return None
    try:
        return Namespace(number)
    except subprocess.CalledProcessError:
        return None


def _ip(*arguments: str) -> None:
    subprocess.run([str(IP), *arguments], check=True, capture_output=True)
