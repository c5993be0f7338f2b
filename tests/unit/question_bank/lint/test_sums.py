import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.question_bank.lint.examples import alone, claim, rules

TABLE = """| 组别 | 来电 | 满意率 |
|---|---|---|
| 甲 | 240 | 80% |
| 乙 | 160 | 90% |
| 合计 | {total} | 84% |

来电最多的组是？"""


@pytest.mark.parametrize(
    "rationale",
    [
        "总数为 152＋108＝260 件，占 260÷400＝65%。",
        "（152＋108）÷400＝260÷400＝65%。",
        "3600÷180×0.85＝17（通）。",
        "1÷0.3≈3.33，取 3 倍多。",
        "60 万元－1.8 万元（3%）＋0.6 万元（1%）－0.4 万元＝58.4 万元。",
        "应排 35÷(1－30%)＝50 人。",
        "900×8＋300×32＝16800 秒。",
        "合计误差 50＋30＋40＝120，1,200 通中占 120/1200＝10.0%。",
        "其中 7÷9≈78%，并非九成。",
        "平均留存年数＝1÷年流失率，由此推算。",
    ],
)
def test_equations_that_come_out(rationale: str) -> None:
    assert alone(rationale=rationale) == set()


@pytest.mark.parametrize(
    "rationale",
    [
        "总数为 152＋108＝250 件，占六成多。",
        "（152＋108）÷400＝60%，占六成。",
        "900×8＋300×32＝15800 秒，故选此数。",
        "应排 35÷(1－30%)＝46 人。",
    ],
)
def test_equations_that_do_not(rationale: str) -> None:
    assert alone(rationale=rationale) == {"sum_wrong"}


@settings(deadline=None)
@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 99))
def test_any_right_sum_passes_and_any_wrong_one_is_found(one: int, other: int, times: int) -> None:
    right = (one + other) * times
    assert rules([claim(rationale=f"总量为（{one}＋{other}）×{times}＝{right} 通。")]) == set()
    assert rules([claim(rationale=f"总量为（{one}＋{other}）×{times}＝{right + max(2, right // 20)} 通。")]) == {
        "sum_wrong"
    }


def test_totals_of_tables() -> None:
    assert alone(stem=TABLE.format(total=400)) == set()
    assert alone(stem=TABLE.format(total=410)) == {"table_total"}
