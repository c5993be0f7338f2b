"""The wall clock of a host, moved while its processes run. Needs a C compiler; without one the clock stays right."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
COMPILER = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


class Clock:
    def __init__(self, file: Path) -> None:
        self._file, self._library = file, file.with_name("clock.so")
        self._file.write_bytes(struct.pack("l", 0))
        if COMPILER and not self._library.exists():
            command = [COMPILER, "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE), "-ldl"]
            subprocess.run(command, check=True)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "WRONG_CLOCK": str(self._file)} if COMPILER else {}

    def set(self, hours: int) -> None:
        with self._file.open("r+b") as file:  # the same file: every process has it mapped
            file.write(struct.pack("l", hours * 3600))
