from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import by_rule, examine, in_groups, lint
from tests.unit.question_bank.lint.examples import alone, choice, claim, findings, rules, several


def test_good_items_pass() -> None:
    assert alone() == set()
    assert rules([claim()]) == set()


def test_no_finding_tells_a_key() -> None:
    spoiled = {"A": "一律只办最后一件", "B": "逐件归纳确认", "C": "以上都对", "D": "转给值班同事以后请他稍等片刻再来"}
    items = [*several("BBBBBBBB"), choice("X", options=spoiled, feedback={})]
    said = [finding.message % finding.params for finding in findings(items)]
    assert len(said) > 4
    assert not any("逐件归纳确认" in words for words in said)


def test_findings_stand_in_the_order_of_files_and_items() -> None:
    found = [FoundItem(choice(code, rationale="短"), file, 1) for file, code in (("b", "2"), ("a", "3"), ("a", "1"))]
    said = [(one.file, one.item) for one in lint(found) if one.rule == "rationale_short"]
    assert said == [("a", "1"), ("a", "3"), ("b", "2")]


def test_a_bank_is_looked_at_by_row_and_content() -> None:
    [one, other] = in_groups([choice("A"), choice("B", level="senior", row="十", content="绩效管理")])
    assert one.file == "junior 五 客户服务技巧"
    assert other.file == "senior 十 绩效管理"


def test_a_report_tells_the_balance_also_where_it_is_right() -> None:
    items: list[BankItem] = several("ABCDABCD")
    report = examine([FoundItem(item, "f.yaml", 1) for item in items])
    [balance] = report.balances
    assert (balance.items, balance.statistic, balance.df, balance.p, balance.even) == (8, 0, 3, 1, True)
    assert "key_positions" not in by_rule(report.findings)


def test_a_report_tells_what_no_paper_draws() -> None:
    law = choice("B", row="二", content="法律规范")
    [undrawn] = examine([FoundItem(item, "f.yaml", 1) for item in (choice("A"), law)]).undrawn
    assert (undrawn.level, undrawn.row, undrawn.items) == ("junior", "二", 1)
