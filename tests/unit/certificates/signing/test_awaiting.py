"""Coroutines run to their end with and without a loop in the thread."""

from __future__ import annotations

import asyncio

import pytest

from certificates.signing.awaiting import completed


async def doubled(number: int) -> int:
    await asyncio.sleep(0)
    if number < 0:
        raise ValueError(number)
    return 2 * number


def test_without_a_loop() -> None:
    assert completed(doubled(4)) == 8


def test_inside_a_running_loop_and_its_error_comes_through() -> None:
    async def outer() -> int:
        with pytest.raises(ValueError, match="-1"):
            completed(doubled(-1))
        return completed(doubled(4))

    assert asyncio.run(outer()) == 8
