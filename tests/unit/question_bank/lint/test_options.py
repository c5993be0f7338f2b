import pytest

from tests.unit.question_bank.lint.examples import alone

PLAIN = {"A": "只办最后一件", "B": "逐件归纳确认", "C": "请他改日再说", "D": "转给值班同事"}


def options(*texts: str) -> dict[str, str]:
    return dict(zip("ABCDE", texts, strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "以上都对",
        "以上说法均正确",
        "上述做法都不恰当",
        "A和B",
        "以上都不是",
        "以上各项都是",
        "都不对",
        "以上皆可",
        "全选",
        "其他三项",
    ],
)
def test_options_that_stand_for_others(text: str) -> None:
    assert "all_or_none" in alone(options={**PLAIN, "D": text})


def test_words_that_only_look_so() -> None:
    assert alone(options=options("手上都有名单", "以上月账单为准", "请他等候片刻", "上面查不到记录")) == set()


def test_absolute_words_in_wrong_options_alone() -> None:
    given = options("任何来电都转", "按规程来转接", "请他再打过来", "记下后回电话")
    assert "absolute_words" in alone(options=given)
    assert "absolute_words" not in alone(options={**given, "B": "所有转接先说明"})
    assert "absolute_words" not in alone(options={**given, "A": "不一定都转接"})


def test_options_of_unlike_length() -> None:
    assert "option_lengths" in alone(options=options("甲", "乙乙乙乙乙乙", "丙", "丁"))
    assert "option_lengths" not in alone(options=options("甲甲甲", "乙乙乙乙乙乙", "丙丙丙丙", "丁丁丁丁"))


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        (("3 天", "5 天", "7 天", "10 天"), None),
        (("10 天", "7 天", "5 天", "3 天"), None),
        (("5 天", "3 天", "7 天", "10 天"), "options_unordered"),
        (("3 天", "5 个工作日", "7 天", "10 天"), "option_units"),
        (("82.5%", "90.0%", "无法计算", "95.0%"), "options_mixed"),
        (("-2%", "0%", "2%", "4%"), None),
        (("1,200 元", "1,500 元", "12,000 元", "15,000 元"), None),
        (("①②③", "③②①", "②①③", "①③②"), None),
        (("9:30 之前", "10:30 之前", "8:30 之前", "7:30 之前"), None),
    ],
)
def test_figures_are_alike_and_in_order(texts: tuple[str, ...], rule: str | None) -> None:
    assert alone(options=options(*texts)) == ({rule} if rule else set())


def test_spoken_words_among_others() -> None:
    spoken = options("“您请讲，我在听”", "“请您稍候片刻”", "“我来帮您查询”", "“您看这样可好”")
    assert alone(options=spoken) == set()
    assert "option_speech" in alone(options={**spoken, "C": "直接替客户查询"})


def test_closing_signs_of_some_options() -> None:
    assert "option_endings" in alone(options={**PLAIN, "B": "逐件归纳确认。"})
    questions = options("“您请讲好吗？”", "“请您稍候片刻。”", "“我来帮您查询。”", "“您看这样可好？”")
    assert alone(options=questions) == set()


def test_words_that_every_option_repeats() -> None:
    same = options("帮助企业改进服务", "帮助企业留住客户", "帮助企业了解同行", "帮助企业节省成本")
    assert "option_repeats" in alone(options=same)
    assert "option_repeats" in alone(options={key: text[4:] + text[:4] for key, text in same.items()})
    assert (
        alone(options=options("“您好，我听着呢”", "“您好，我来查询”", "“您好，我记下了”", "“您好，我马上办”")) == set()
    )
    assert alone(options=options("2 个百分点", "3 个百分点", "5 个百分点", "8 个百分点")) == set()


@pytest.mark.parametrize(
    ("texts", "overlap"),
    [
        (("1～3 天", "3～5 天", "5～7 天", "7～10 天"), False),
        (("1～3 天", "2～5 天", "5～7 天", "7～10 天"), True),
        (("1 至 3 秒", "10 至 20 秒", "15 至 30 秒", "40 至 60 秒"), True),
        (("9:00 至 11:00", "10:00 至 12:00", "13:00 至 15:00", "15:00 至 17:00"), False),
    ],
)
def test_ranges_do_not_overlap(texts: tuple[str, ...], overlap: bool) -> None:
    assert ("option_overlap" in alone(options=options(*texts))) == overlap


def test_an_option_inside_another() -> None:
    assert "option_contained" not in alone(options={**PLAIN, "C": "不逐件归纳确认"})
    assert "option_contained" in alone(options={**PLAIN, "C": "逐件归纳确认并答复"})
    assert "option_contained" not in alone(options=options("5%", "15%", "25%", "45%"))
