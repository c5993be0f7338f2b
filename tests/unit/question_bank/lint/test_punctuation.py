import pytest

from tests.unit.question_bank.lint.examples import alone


@pytest.mark.parametrize(
    ("stem", "rule"),
    [
        ("客户来电,座席最恰当的做法是？", "half_width"),
        ("客户来电（已三次）,座席最恰当的做法是？", "half_width"),
        ("客户(已来电三次)问进度，座席最恰当的做法是？", "half_width"),
        ('客户问"何时到"，座席最恰当的做法是？', "half_width"),
        ("客户来电，，座席最恰当的做法是？", "doubled_sign"),
        ("客户来电。，座席最恰当的做法是？", "doubled_sign"),
        ("客户说“何时到，座席最恰当的做法是？", "unmatched"),
        ("客户说何时到”，座席最恰当的做法是？", "unmatched"),
        ("客户（已来电三次，座席最恰当的做法是？", "unmatched"),
        ("客户说“你们（含外包）都这样！”座席最恰当的做法是？", None),
        ("客户在 9:30 来电，IVR 2.0 转接后，座席最恰当的做法是？", None),
        ("按 35÷(1－30%) 取整，座席最恰当的做法是？", None),
        ("客户沉默良久……座席最恰当的做法是？", None),
    ],
)
def test_signs_in_a_stem(stem: str, rule: str | None) -> None:
    assert alone(stem=stem) == ({rule} if rule else set())


def test_signs_in_reasons() -> None:
    assert alone(rationale="先归纳再逐一处理,才不会遗漏。") == {"half_width"}
    assert alone(rationale="先归纳再逐一处理，才不会遗漏") == {"no_full_stop"}
    assert alone(feedback={"A": "漏了其他几件（已说过", "C": "推给以后等于没办", "D": "转接前应先听完"}) == {
        "unmatched"
    }
