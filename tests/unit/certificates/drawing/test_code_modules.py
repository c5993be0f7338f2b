"""Codes made here and by segno, module by module."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from segno import encoder

from certificates.drawing.code_modules import LARGEST, _room, modules

CHARACTERS = ascii_letters + digits + "-._~:/?#="


def by_segno(text: str, mask: int) -> list[str]:
    """segno pads with a byte of zeros before the bytes that the standard names; readers do not mind."""

    def padded(bits: Any, _version: int, length: int) -> None:
        bits.extend([0] * (-length % 8))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoder, "write_padding_bits", padded)
        made = segno.make(text, error="m", mask=mask, mode="byte", boost_error=False, micro=False)
    return ["".join(map(str, row)) for row in made.matrix]


def filling(version: int) -> str:
    """As much as goes in."""
    return "".join(CHARACTERS[(7 * place + version) % len(CHARACTERS)] for place in range(_room(version)))


@pytest.mark.parametrize("version", range(1, LARGEST + 1))
def test_every_size_is_laid_as_segno_lays_it(version: int) -> None:
    assert modules(filling(version), version % 8) == by_segno(filling(version), version % 8)


@pytest.mark.parametrize("mask", range(8))
def test_every_mask(mask: int) -> None:
    assert modules(filling(9), mask) == by_segno(filling(9), mask)


@given(st.text(CHARACTERS, min_size=1, max_size=400))
def test_any_text(text: str) -> None:
    assert modules(text, 2) == by_segno(text, 2)
