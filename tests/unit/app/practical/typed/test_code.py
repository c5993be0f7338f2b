"""The number on a printed sheet: read as people type it, and never another sheet's by a slip of the pen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.typed.code import code_of, sheet_id_of

NUMBERS = st.integers(1, 10**12)


@given(NUMBERS)
def test_every_number_comes_back(number: int) -> None:
    code = code_of(number)
    assert sheet_id_of(code) == sheet_id_of(code.replace("-", " ")) == number


@given(NUMBERS, st.data())
def test_one_wrong_figure_is_no_sheet(number: int, data: st.DataObject) -> None:
    plain = code_of(number).replace("-", "")
    place = data.draw(st.integers(0, len(plain) - 1))
    figure = data.draw(st.sampled_from([one for one in "0123456789" if one != plain[place]]))
    assert sheet_id_of(plain[:place] + figure + plain[place + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "x", "12a4", "²3", "9" * 40, "００００２５-2x"])
def test_what_is_none_is_none(typed: str) -> None:
    assert sheet_id_of(typed) is None


def test_full_width_figures_are_figures() -> None:
    code = code_of(25)
    assert sheet_id_of("".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in code)) == 25
