import hashlib

from hypothesis import given
from hypothesis import strategies as st

from question_bank.chance import Chance, paper_seed, shuffled

KNOWN = [761, 729, 664, 253, 305, 268]
SHUFFLED = "DFBACE"
SEED = "d8d815431d37378657a76d006ccf0466868af50101d92f77cbc3c33306355606"


def test_numbers_are_those_of_shake_256() -> None:
    stream = b"".join(hashlib.shake_256(f"seed:order:{chunk}".encode()).digest(1024) for chunk in range(2))
    chance = Chance("seed", "order")
    assert [chance.next() for _ in range(400)] == [
        int.from_bytes(stream[4 * place : 4 * place + 4], "big") for place in range(400)
    ]


def test_known_values_never_change() -> None:
    """What was drawn once must be derived again for ever."""
    chance = Chance("seed", "order")
    assert [chance.below(1000) for _ in range(6)] == KNOWN
    assert shuffled("ABCDEF", Chance("seed")) == list(SHUFFLED)
    assert paper_seed(bytes(32), "7/1/0") == SEED


@given(st.integers(), st.integers(1, 10_000))
def test_below_is_below(seed: int, size: int) -> None:
    assert 0 <= Chance(seed).below(size) < size


@given(st.lists(st.integers()), st.text())
def test_a_shuffle_keeps_everything(values: list[int], seed: str) -> None:
    assert sorted(shuffled(values, Chance(seed))) == sorted(values)
