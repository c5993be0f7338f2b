import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.lint.chi_square import balance, tail
from tests.unit.question_bank.lint.examples import choice, claims, several


@pytest.mark.parametrize(
    ("df", "five_percent", "one_percent"),
    [
        (1, 3.841, 6.635),
        (2, 5.991, 9.210),
        (3, 7.815, 11.345),
        (4, 9.488, 13.277),
        (5, 11.070, 15.086),
        (8, 15.507, 20.090),
    ],
)
def test_the_tail_is_that_of_the_tables(df: int, five_percent: float, one_percent: float) -> None:
    assert tail(five_percent, df) == pytest.approx(0.05, abs=2e-5)
    assert tail(one_percent, df) == pytest.approx(0.01, abs=1e-5)


@given(st.floats(0, 200), st.integers(1, 12))
def test_a_tail_is_a_chance_and_falls(statistic: float, df: int) -> None:
    assert 0 <= tail(statistic, df) <= 1 + 1e-12
    assert tail(statistic, df) >= tail(statistic + 1, df)
    assert math.isclose(tail(0, df), 1)


def test_the_statistic_for_one_key_is_pearsons() -> None:
    found = balance(several("AABBBCDD"), "f")
    assert found.statistic == pytest.approx(sum((seen - 2) ** 2 / 2 for seen in (2, 3, 1, 2)))
    assert (found.df, found.told_counts()) == (3, "A2 B3 C1 D2")


def test_true_and_false_have_one_degree() -> None:
    found = balance(claims("TTTTTTFF"), "f")
    assert (found.df, found.statistic) == (1, 2.0)


def test_several_keys_of_one_item_do_not_pass_for_evenness() -> None:
    """With 4 keys of 5 options a letter can hardly be missed: missing it in half the items is far from chance."""
    options = dict(zip("ABCDE", ("甲甲", "乙乙", "丙丙", "丁丁", "戊戊"), strict=True))
    keys = [tuple(one for one in "ABCDE" if one != left) for left in "EEEEEEABCD"]
    items = [choice(f"M{n}", type="multiple", options=options, key=key) for n, key in enumerate(keys)]
    assert not balance(items, "f").even
    assert balance([*items[-4:], *items[:1]] * 2, "f").even
