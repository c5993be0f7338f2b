from question_bank.lint import Finding
from tests.unit.question_bank.lint.examples import choice, findings


def short(whole: bool) -> list[Finding]:
    return [one for one in findings([choice("A")], whole) if one.rule == "coverage"]


def test_of_files_only_the_work_contents_that_are_there() -> None:
    assert {one.params["content"] for one in short(whole=False)} == {"客户服务技巧"}
    assert {one.params["type"] for one in short(whole=False)} == {"truefalse", "single", "multiple"}


def test_of_a_bank_the_whole_level() -> None:
    assert {one.params["row"] for one in short(whole=True)} == {"一", "五", "六", "七"}
    assert all(one.params["found"] < one.params["needed"] for one in short(whole=True))


def test_five_times_over() -> None:
    [single] = [one for one in short(whole=False) if one.params["type"] == "single"]
    assert (single.params["found"], single.params["needed"]) == (1, 40)


def test_once_where_items_may_stand_on_every_paper() -> None:
    said = findings([choice("A", scheme="TYPES-DEMO", level="demo", row="样", content="题型体验")], whole=True)
    needed = {one.params["type"]: one.params["needed"] for one in said if one.rule == "coverage"}
    assert (needed["single"], needed["open"]) == (5, 1)
