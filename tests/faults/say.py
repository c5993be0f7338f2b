"""One line at a time, with the seconds since the run began."""

from __future__ import annotations

import sys
import time

BEGAN = time.monotonic()


def tell(text: str) -> None:
    sys.stdout.write(f"{time.monotonic() - BEGAN:7.1f} s  {text}\n")
    sys.stdout.flush()
