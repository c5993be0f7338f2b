from decimal import Decimal

from app.schemes.scheme import scheme
from question_bank.statistics import cell_stocks, difficulty_spreads
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
