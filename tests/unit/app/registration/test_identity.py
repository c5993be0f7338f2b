"""Identity documents: what can exist, and what is said about what cannot."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.registration.identity import PROVINCES, Identity, check_digit, read_identity

TODAY = date(2026, 11, 21)
GOOD = "11010519491231002X"  # the example printed in GB 11643


@pytest.mark.parametrize(
    "written", [GOOD, "11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_the_number_is_read_as_people_type_it(written: str) -> None:
    assert read_identity("resident", written, TODAY) == Identity("resident", GOOD)


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("resident", "", "identity_length"),
        ("resident", "11010519491231002", "identity_length"),
        ("resident", "1101051949123100X2", "identity_length"),
        ("resident", "110105194912310021", "identity_check_digit"),
        ("resident", "99010519491231002X", "identity_region"),
        ("resident", "11010519491331002X", "identity_birth_date"),
        ("resident", "11010519490229002X", "identity_birth_date"),
        ("resident", "11010520991231002X", "identity_birth_date"),
        ("resident", "11010518001231002X", "identity_birth_date"),
        ("passport", "E12", "passport_invalid"),
        ("passport", "ABCDEFGH", "passport_invalid"),
        ("passport", "E1234567890123", "passport_invalid"),
        ("passport", "E12345<67", "passport_invalid"),
        ("licence", GOOD, "identity_kind_unknown"),
    ],
)
def test_what_cannot_exist_is_refused_with_its_reason(kind: str, written: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_identity(kind, written, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("identity", "masked"),
    [(Identity("resident", GOOD), "110***********002X"), (Identity("passport", "E12345678"), "E*****678")],
)
def test_the_masked_form_keeps_only_the_ends(identity: Identity, masked: str) -> None:
    assert identity.masked.startswith(masked[:1])
    assert identity.masked == masked


numbers = st.builds(
    lambda region, born, rest: f"{region}0105{born:%Y%m%d}{rest:03}",
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(1930, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(first_17: str, place: int, shift: int) -> None:
    number = first_17 + check_digit(first_17)
    assert read_identity("resident", number, TODAY).number == number
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Refusal):
        read_identity("resident", wrong, TODAY)


@given(st.sampled_from(["resident", "passport"]), st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(kind: str, written: str) -> None:
    try:
        read = read_identity(kind, written, TODAY)
    except Refusal:
        return
    assert len(read.masked) == len(read.number)
    assert "*" in read.masked
