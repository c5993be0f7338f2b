"""A sealed page opens by its own key and as it was made, and by nothing else."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.sealed_page import NONCE, key_of, opened, seal

numbers = st.integers(1, 2**63 - 1)
SECRET = "a secret of the tests only"


@given(page=st.text(max_size=2000), attempt=numbers, paper=numbers, terms=st.text(max_size=40))
def test_what_was_sealed_comes_out_again(page: str, attempt: int, paper: int, terms: str) -> None:
    key = key_of(SECRET, attempt, paper, terms)
    assert opened(key_of(SECRET, attempt, paper, terms), attempt, seal(key, attempt, page)) == page


@pytest.mark.parametrize(
    "other",
    [("another secret", 1, 2, "t"), (SECRET, 2, 2, "t"), (SECRET, 1, 3, "t"), (SECRET, 1, 2, "u"), (SECRET, 1, 22, "")],
)
def test_no_other_attempt_paper_terms_or_server_opens_it(other: tuple[str, int, int, str]) -> None:
    sealed = seal(key_of(SECRET, 1, 2, "t"), 1, "the paper")
    with pytest.raises(InvalidTag):
        opened(key_of(*other), 1, sealed)


def test_it_is_bound_to_its_attempt_and_to_every_bit() -> None:
    key = key_of(SECRET, 1, 2, "")
    sealed = seal(key, 1, "the paper")
    with pytest.raises(InvalidTag):
        opened(key, 2, sealed)
    for place in (0, NONCE, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(InvalidTag):
            opened(key, 1, bytes(altered))


def test_the_same_page_is_never_sealed_twice_alike() -> None:
    key = key_of(SECRET, 1, 2, "")
    assert len({seal(key, 1, "the paper") for _ in range(50)}) == 50
