from decimal import Decimal

from tests.unit.question_bank.lint.examples import MATERIAL, alone, claim, rules


def test_time_to_read() -> None:
    assert alone(seconds=5) == {"time_estimate"}
    assert alone(seconds=500) == {"time_estimate"}
    assert rules([claim(seconds=200)]) == {"time_estimate"}
    assert alone(seconds=205, stimulus=MATERIAL, case=True) - {"set_size"} == set()


def test_difficulties_that_tell_something() -> None:
    assert alone(difficulty=Decimal("0.990")) == {"difficulty_bounds"}
    assert alone(difficulty=Decimal("0.100")) == {"difficulty_bounds"}
