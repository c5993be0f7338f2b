from decimal import Decimal

from app.schemes.scheme import scheme
from question_bank.statistics import cell_stocks, difficulty_spreads, type_stocks
from tests.factories import kinds
from tests.factories.items import bank_item, statement

JUNIOR = scheme("PTS152010301-01").level("junior")


def test_a_stock_says_how_many_papers_it_fills() -> None:
    stocks = cell_stocks(JUNIOR, [bank_item(f"A-{n}") for n in range(12)])
    stock = next(one for one in stocks if (one.content, one.type) == ("客户服务技巧", "single"))
    assert (stock.have, stock.needed, stock.times) == (12, 8, 1.5)
    assert sum(one.needed for one in stocks) == JUNIOR.theory.paper.items()


def test_items_that_no_paper_draws_are_listed_too() -> None:
    stocks = cell_stocks(JUNIOR, [statement("A", row="二", content="法律规范")])
    stock = next(one for one in stocks if one.content == "法律规范")
    assert (stock.have, stock.needed, stock.times) == (1, 0, None)


def test_the_spread_of_a_row() -> None:
    shares = ["0.45", "0.5", "0.65", "0.8", "0.9"]
    [spread] = difficulty_spreads(JUNIOR, [bank_item(one, difficulty=Decimal(one)) for one in shares])
    assert (spread.row, spread.count, spread.lowest, spread.highest) == ("五", 5, Decimal("0.45"), Decimal("0.9"))
    assert spread.mean == Decimal("0.660")
    assert spread.bands == (1, 1, 1, 0, 2)


def test_every_type_is_described_by_what_it_has() -> None:
    found = {one.type: one for one in type_stocks(scheme(kinds.OF[0]).level(kinds.OF[1]), kinds.paper())}
    assert all(one.have == one.needed for one in found.values())
    assert (found["single"].cases, found["single"].shared, found["single"].pictures) == (2, 2, 1)
    assert (found["fill"].shared, found["fill"].recordings) == (2, 1)
    assert (found["open"].difficulty, found["open"].seconds) == (Decimal("0.650"), 60)


def test_a_type_that_papers_need_and_the_bank_lacks_is_listed() -> None:
    found = {one.type: one for one in type_stocks(JUNIOR, [])}
    assert (found["multiple"].have, found["multiple"].needed, found["multiple"].difficulty) == (0, 10, None)
    assert "open" not in found
