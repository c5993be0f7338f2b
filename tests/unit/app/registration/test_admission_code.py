"""Numbers that tell a slip, and codes that never repeat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.registration import admission_code as codes

KEY, OTHER = b"k" * 32, b"o" * 32
SEATS = st.integers(1, 10**9)


@given(SEATS)
def test_a_number_names_its_seat_however_it_is_typed(seat: int) -> None:
    number = codes.number_of(seat)
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in number)
    assert {codes.seat_of(typed) for typed in (number, number.replace(" ", ""), number.replace(" ", "-"), wide)} == {
        seat
    }


@given(SEATS, st.data())
def test_every_wrong_digit_is_told(seat: int, data: st.DataObject) -> None:
    number = codes.number_of(seat).replace(" ", "")
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(Refusal) as refused:
        codes.seat_of(number[:place] + wrong + number[place + 1 :])
    assert refused.value.code == "number_mistyped"


@given(SEATS, st.data())
def test_two_neighbours_exchanged_are_told(seat: int, data: st.DataObject) -> None:
    number = codes.number_of(seat).replace(" ", "")
    places = [place for place in range(len(number) - 1) if number[place] != number[place + 1]]
    place = data.draw(st.sampled_from(places))
    with pytest.raises(Refusal) as refused:
        codes.seat_of(number[:place] + number[place + 1] + number[place] + number[place + 2 :])
    assert refused.value.code == "number_mistyped"


@pytest.mark.parametrize("typed", ["", "   ", "1234567", "abcdefgh", "1234567x", "٣٤٥٦٧٨٩٠", "9" * 30])
def test_what_cannot_be_a_number_is_told(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        codes.seat_of(typed)
    assert refused.value.code in {"number_incomplete", "number_mistyped"}


@given(st.sets(st.tuples(SEATS, st.integers(1, 1000)), min_size=2, max_size=200))
def test_no_two_seats_or_issues_share_a_code(issues: set[tuple[int, int]]) -> None:
    assert len({codes.code_of(KEY, seat, issue) for seat, issue in issues}) == len(issues)


def test_a_hundred_thousand_codes_are_a_hundred_thousand() -> None:
    assert len({codes.code_of(KEY, seat, issue) for seat in range(1, 50_001) for issue in (1, 2)}) == 100_000


@given(SEATS, st.integers(1, 1000))
def test_a_code_is_read_without_doubt_and_follows_from_the_key_alone(seat: int, issue: int) -> None:
    code = codes.code_of(KEY, seat, issue)
    assert code == codes.code_of(KEY, seat, issue) != codes.code_of(OTHER, seat, issue)
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(codes.ALPHABET)
    assert not set(codes.ALPHABET) & set("0O1IL2Z5S8BU")


def test_a_code_has_more_than_fifty_bits() -> None:
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET))
    assert len(codes.ALPHABET) ** codes.LENGTH > 2**50


@given(SEATS)
def test_a_code_fits_however_it_is_typed_and_nothing_else_does(seat: int) -> None:
    code = codes.code_of(KEY, seat, 1)
    assert codes.fits(code.lower().replace("-", " "), code)
    assert codes.fits("".join(chr(ord(one) + 0xFEE0) for one in code), code)
    assert not codes.fits(code[:-1], code)
    assert not codes.fits(codes.code_of(KEY, seat, 2), code)
    assert not codes.fits("", code)
