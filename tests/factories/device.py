"""A signing key in a device: SoftHSM with a token directory of its own, so that no other test's token is seen.

The library reads its settings once for each process, so who signs in another token runs in another process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.tools import find

TOKEN, LABEL, PIN = "exam", "issuer", "2468"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
NAME = "libsofthsm2.so"


def library() -> Path:
    """Where Debian puts it, or beside the program that was unpacked for the tests."""
    program = find("softhsm2-util")
    beside = list(program.resolve().parents[1].rglob(NAME)) if program and ".venv" in program.parts else []
    found = [place for folder in _PLACES if (place := Path(folder, NAME)).exists()]
    unpacked = sorted(Path(".venv/tools").resolve().rglob(NAME))
    return [*found, *beside, *unpacked][0]


@dataclass(frozen=True)
class SoftDevice:
    """`environment` is what a process needs to see it."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, key: ec.EllipticCurvePrivateKey | None = None) -> SoftDevice:
        device = cls(folder)
        (folder / "tokens").mkdir(parents=True)
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        device._tool("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "13579")
        pem = folder / "key.pem"
        key = key or ec.generate_private_key(ec.SECP256R1())
        pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        device._tool("--import", str(pem), "--token", TOKEN, "--label", LABEL, "--id", "01", "--pin", PIN)
        pem.unlink()
        return device

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "SOFTHSM2_CONF": str(self.folder / "softhsm2.conf"), "PYTHONPATH": "."}

    def runs(self, program: str, *arguments: str) -> str:
        """What a Python program prints in a process that sees the device; it must end well."""
        command = [sys.executable, "-c", program, str(library()), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _tool(self, *arguments: str) -> None:
        program = find("softhsm2-util")
        assert program is not None
        subprocess.run([str(program), *arguments], env=self.environment, check=True, capture_output=True, timeout=60)
