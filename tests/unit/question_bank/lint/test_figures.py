import pytest

from tests.unit.question_bank.lint.examples import alone, claim, rules


@pytest.mark.parametrize(
    "stem",
    [
        "会议定在 9:75 开始。",
        "班次到 24:30 结束。",
        "午休从 12 点 65 分开始。",
        "平均处理时长为 3 分 72 秒。",
        "全程 2 小时 75 分。",
        "活动到 2 月 30 日为止。",
        "活动到 2023 年 2 月 29 日为止。",
        "话单统计到 13 月底。",
        "截止日期是 6 月 31 日。",
    ],
)
def test_figures_that_cannot_be(stem: str) -> None:
    assert rules([claim(stem=stem)]) == {"figure_impossible"}


@pytest.mark.parametrize(
    "stem",
    [
        "会议定在 9:45 开始。",
        "班次到 24:00 结束。",
        "平均处理时长为 3 分 12 秒。",
        "活动到 2024 年 2 月 29 日为止。",
        "服务水平目标为 80/20。",
        "留存 13 个月的话单。",
        "比例按 3:1 安排。",
        "通话 90 秒，话后 75 秒。",
    ],
)
def test_figures_that_can(stem: str) -> None:
    assert rules([claim(stem=stem)]) == set()


def test_shares_above_the_whole() -> None:
    assert rules([claim(stem="该组本月满意率为 104%。")]) == {"share_above_whole"}
    assert rules([claim(stem="该组本月话量同比增长 104%。")]) == set()
    assert rules([claim(stem="该组本月目标完成率为 104%。")]) == set()
    options = {"A": "55.0%", "B": "78.0%", "C": "90.0%", "D": "115.0%"}
    assert "share_above_whole" in alone(stem="全年的客户留存率是？", options=options)
    assert "share_above_whole" not in alone(stem="与上年相比，话量增长了？", options=options)


def test_numbers_of_real_people() -> None:
    assert rules([claim(stem="座席复述客户的手机号 13812345678 并核对。")]) == {"personal_number"}
    assert rules([claim(stem="座席复述客户的手机号 138****5678 并核对。")]) == set()
