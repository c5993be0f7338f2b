import pytest

from tests.unit.question_bank.lint.examples import choice, claims, findings, rules, several, stem


def test_keys_in_one_place_with_the_figures() -> None:
    [finding] = [one for one in findings(several("B" * 8)) if one.rule == "key_positions"]
    assert (finding.params["statistic"], finding.params["df"], finding.params["counts"]) == (24, 3, "A0 B8 C0 D0")
    assert finding.params["p"] < 0.001
    assert "key_positions" not in rules(several("ABCDABCD"))
    multiple = [choice(f"M-{n}", type="multiple", key=("A", "B"), stem=stem(n)) for n in range(12)]
    assert "key_positions" in rules(multiple)


def test_keys_that_are_the_longest() -> None:
    options = {"A": "甲甲甲", "B": "乙乙乙乙", "C": "丙丙丙", "D": "丁丁丁"}
    assert "key_longest" in rules(several("BBBBAACD", options=options))
    assert "key_longest" not in rules(several("BBAACCDD", options=options))


@pytest.mark.parametrize(("truths", "uneven"), [("FTTTTTTTTT", True), ("FFFFTTTTTT", False), ("TTTTT", False)])
def test_statements_nearly_all_true(truths: str, uneven: bool) -> None:
    assert ("true_false_balance" in rules(claims(truths))) == uneven


def test_absolute_words_in_false_statements_alone() -> None:
    items = [*claims("TFTFTF")[:5], claims("TFTFTF", "一定")[5]]
    assert rules(items) == {"absolute_words"}
    items = [*claims("TFTFTF")[:4], *claims("TFTFTF", "一定")[4:]]
    assert rules(items) == set()


def test_statements_whose_negation_tells() -> None:
    assert "negation_tells" in rules([*claims("FFFFFF", "不必做"), *claims("......TTTTTT")[6:]])
    assert "negation_tells" not in rules(claims("TFTFTF", "不必做"))


def test_too_many_questions_for_what_is_wrong() -> None:
    items = several("ABCDABCD")
    for n in range(2):
        items[n] = choice(f"A-{n}", key=items[n].key, stem=stem(n)[:-1] + "，**不恰当**的是？")
    assert "negatives" in rules(items)
    assert "negatives" not in rules(items[1:])


def test_one_difficulty_for_all() -> None:
    assert "one_difficulty" in rules(several("ABCD" * 3))
