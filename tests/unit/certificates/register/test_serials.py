from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schemes.scheme import scheme
from certificates.register.serials import ALPHABET, check_character, new_serial, normalised

SCHEME = scheme("PTS152010301-01")


def a_serial() -> str:
    return new_serial(SCHEME, "junior", 2026)


def test_it_names_scheme_level_and_year() -> None:
    assert a_serial().startswith("301011-2026-")
    assert new_serial(SCHEME, "senior", 2027).startswith("301013-2027-")


def test_two_are_never_alike() -> None:
    assert len({a_serial() for _ in range(1000)}) == 1000


def test_it_is_understood_however_it_is_typed() -> None:
    serial = a_serial()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in serial)
    for typed in (serial.lower(), serial.replace("-", ""), serial.replace("-", " "), f"  {serial}\n", wide,
                  serial.replace("0", "o").replace("1", "l")):  # fmt: skip
        assert normalised(typed) == serial


@pytest.mark.parametrize(
    "copied",
    [
        "\ufeff{}", "\u202a{}\u202c", "{}\u200b", "https://exam.example.org/verify/{}", "\u200bhttp://127.0.0.1:8000/verify/{}",
        "https://exam.example.org/verify/{}#c1.AbCdEfGhIj.MjAyNi0xMS0yMg.c2ln", "https://example.org/exam/verify/{}?name=x",
    ],
)  # fmt: skip
def test_it_is_understood_as_it_is_copied_out_of_a_page_or_a_code(copied: str) -> None:
    """With the characters that nobody sees, or with the whole address."""
    serial = a_serial()
    assert normalised(copied.format(serial)) == serial


@pytest.mark.parametrize("hyphen", ["\u2212", "\u2013", "\u30fc", "\u00ad-", "\uff0d"])
def test_whatever_stands_for_its_hyphens(hyphen: str) -> None:
    serial = a_serial()
    assert normalised(serial.replace("-", hyphen)) == serial


@pytest.mark.parametrize(
    "other", ["https://exam.example.org/{}", "javascript:/verify/{}", "https://a.example/verify/{}/x", "{0} {0}"]
)
def test_another_address_or_two_numbers_are_none(other: str) -> None:
    assert normalised(other.format(a_serial())) is None


@given(st.data())
def test_one_wrong_character_is_noticed(data: st.DataObject) -> None:
    serial = a_serial().replace("-", "")
    place = data.draw(st.integers(0, len(serial) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != serial[place]]))
    assert normalised(serial[:place] + other + serial[place + 1 :]) is None


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_none(typed: str) -> None:
    found = normalised(typed)
    assert found is None or normalised(found) == found


def test_check_character_of_the_standard() -> None:
    assert check_character("A12425GABC1234002") == "M"  # the example of a Global Release Identifier


@pytest.mark.parametrize("typed", ["", "-", "12", "\x00", "301011-2026", "x" * 200, "٣٠١٠١١٢٠٢٦"])
def test_what_cannot_be_a_number(typed: str) -> None:
    assert normalised(typed) is None
