"""pyHanko speaks in coroutines; here one runs to its end, whether or not a loop is already at work in this thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")

# It reports what it refuses with a traceback each; here that is an expected finding, not a fault.
for name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


def completed(work: Coroutine[Any, Any, Answer]) -> Answer:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as helper:
        return helper.submit(asyncio.run, work).result()
