"""Papers of one session: equally hard, equally long, nothing used too often, sets whole, keys spread."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.schemes.scheme import DrawRules, Level
from question_bank import dealing
from question_bank.blueprint import Blueprint, make_blueprint
from question_bank.chance import Chance
from question_bank.drawing import BY_SOLVER, Drawer, DrawnPaper, cap_of, draw_paper, paper_seed
from question_bank.option_order import LONGEST_RUN, key_places, longest_run
from question_bank.pool_item import PoolItem
from tests.unit.question_bank.examples import JUNIOR, exact_levels, in_sets, level_of, real_pools, varied

BLUEPRINT = make_blueprint(JUNIOR)
POOL = varied(BLUEPRINT)
PAPERS = 60


def session(pool: list[PoolItem], papers: int = PAPERS, blueprint: Blueprint = BLUEPRINT) -> list[DrawnPaper]:
    dealer = Drawer(blueprint, pool).session(papers)
    return [dealer.draw(paper_seed("a session", number)) for number in range(papers)]


def use(papers: list[DrawnPaper]) -> Counter[str]:
    return Counter(drawn.item.id for paper in papers for drawn in paper.items)


def assert_meets(paper: DrawnPaper, blueprint: Blueprint, pool: list[PoolItem]) -> None:
    items = [drawn.item for drawn in paper.items]
    on_paper = {item.id for item in items}
    assert Counter(item.cell for item in items) == {cell.key: cell.count for cell in blueprint.cells}
    assert len(on_paper) == len(items)
    assert not any(item.enemies & on_paper - {item.id} for item in items)
    for item in items:
        if item.stimulus:
            assert {one.id for one in pool if one.stimulus == item.stimulus} <= on_paper
    stands = [item.stimulus for item, after in pairwise([*items, None]) if not after or item.stimulus != after.stimulus]  # type: ignore[list-item]
    assert max(Counter(one for one in stands if one).values(), default=1) == 1, "a set stands together"


@pytest.mark.parametrize("pool", [POOL, in_sets(POOL), varied(BLUEPRINT, 3)], ids=["plain", "sets", "a small bank"])
def test_the_papers_of_a_session_are_equally_hard_and_long(pool: list[PoolItem]) -> None:
    papers = session(pool)
    table = Drawer(BLUEPRINT, pool).table
    scores = [sum(one.item.difficulty * one.marks for one in paper.items) for paper in papers]
    assert max(scores) - min(scores) <= Decimal("0.5")
    for paper, score in zip(papers, scores, strict=True):
        assert_meets(paper, BLUEPRINT, pool)
        assert paper.expected == score * 1000
        assert abs(paper.seconds - table.average.seconds) <= table.average.seconds * 3 // 100
        truths = sum(one.item.key == ("T",) for one in paper.items)
        assert abs(1000 * truths - table.average.truths) <= 3000
    assert all(paper.attempt >= 0 for paper in papers)


@pytest.mark.parametrize(("times", "most"), [(5, 15), (3, 22)])
def test_items_are_used_evenly_and_never_beyond_the_cap(times: int, most: int) -> None:
    """On the average an item of a bank that fills its cells five times stands on 12 of 60 papers."""
    used = use(session(varied(BLUEPRINT, times)))
    assert max(used.values()) <= most <= cap_of(50, PAPERS)
    assert len(used) == 90 * times


def test_two_papers_share_few_items() -> None:
    sets = [{drawn.item.id for drawn in paper.items} for paper in session(POOL)]
    shared = [len(one & other) for one, other in combinations(sets, 2)]
    assert 14 < sum(shared) / len(shared) < 20  # a fifth of 90 by chance


def test_a_set_stands_in_the_section_of_most_of_its_items_in_the_order_of_their_codes() -> None:
    content = [one for one in POOL if one.content == "客户营销技巧"]
    single = [one.id for one in content if one.type == "single"][:2]
    mixed = {*single, next(one.id for one in content if one.type == "multiple")}
    pool = [replace(one, stimulus="case") if one.id in mixed else one for one in POOL]
    drawer = Drawer(BLUEPRINT, pool)
    paper = next(
        found for found in (drawer.draw(seed) for seed in range(200)) if mixed <= {one.item.id for one in found.items}
    )
    places = [place for place, one in enumerate(paper.items) if one.item.id in mixed]
    assert places == list(range(places[0], places[0] + 3))
    assert 20 <= places[0] < 80  # between true/false and multiple choice
    assert [paper.items[place].item.id for place in places] == sorted(mixed)


def test_keys_of_single_choice_are_spread_evenly_and_not_four_in_a_row() -> None:
    for paper in session(POOL, 20):
        singles = [one for one in paper.items if one.item.type == "single"]
        places = [one.options.index(one.item.key[0]) for one in singles]
        assert Counter(places) == dict.fromkeys(range(4), 15)
        assert longest_run(places) <= LONGEST_RUN


@given(st.integers(0, 40), st.integers(3, 6), st.integers())
def test_key_places_are_as_even_as_whole_numbers_go(items: int, options: int, seed: int) -> None:
    places = key_places([options] * items, Chance(seed))
    counts = Counter(places)
    assert len(places) == items
    assert all(items // options <= counts[place] <= -(-items // options) for place in range(options))
    assert longest_run(places) <= LONGEST_RUN


def test_who_sits_again_meets_new_items_as_far_as_they_go() -> None:
    drawer = Drawer(BLUEPRINT, POOL)
    first = drawer.draw("first")
    seen = frozenset(drawn.item.id for drawn in first.items)
    second = drawer.draw("second", seen)
    assert not seen & {drawn.item.id for drawn in second.items}
    third = drawer.draw("third", frozenset(one.id for one in POOL))
    assert_meets(third, BLUEPRINT, POOL)


def test_papers_drawn_before_count_for_the_cap() -> None:
    pool = varied(BLUEPRINT, 2)
    dealer = Drawer(BLUEPRINT, pool).session(2)
    first = [drawn.item.id for drawn in dealer.draw("1").items]
    later = Drawer(BLUEPRINT, pool).session(2, [first])
    assert not set(first) & {drawn.item.id for drawn in later.draw("2").items}
    with pytest.raises(Refusal) as refused:
        Drawer(BLUEPRINT, pool).session(3, [first, [one.id for one in pool if one.id not in first]]).draw("3")
    assert refused.value.code == "blueprint_unfillable"
    assert sum(cell["missing"] for cell in refused.value.details["cells"]) == 90


@settings(deadline=None, max_examples=60)
@given(exact_levels(), st.data())
def test_a_session_of_any_bank_keeps_the_rules_or_is_refused(level: Level, data: st.DataObject) -> None:
    blueprint = make_blueprint(level)
    pool = data.draw(real_pools(blueprint))
    try:
        papers = session(pool, data.draw(st.integers(1, 8)), blueprint)
    except Refusal as refused:
        assert refused.code in {"blueprint_unfillable", "papers_unequal"}  # noqa: PT017 - either is right
        return
    scores = [paper.expected for paper in papers]
    assert max(scores) - min(scores) <= 500
    assert max(use(papers).values()) <= cap_of(50, len(papers))
    for paper in papers:
        assert_meets(paper, blueprint, pool)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_paper_is_refused_only_where_there_is_none(data: st.DataObject) -> None:
    """Against trying every choice of items of small banks with sets, enemies and every shade of difficulty."""
    blueprint = make_blueprint(level_of({"一": 50, "二": 50}, {"single": (4, 1)}))
    blueprint = replace(
        blueprint, rules=DrawRules(difficulty_window=data.draw(st.sampled_from([Decimal("0.1"), Decimal(1)])))
    )
    pool = data.draw(real_pools(blueprint, more=3, pairs=8))
    try:
        drawer = Drawer(blueprint, pool)
    except Refusal:  # sets that cannot be drawn whole leave too few; the table says which can
        return
    found = {frozenset(choice) for choice in right_choices(blueprint, drawer)}
    if found:
        assert frozenset(one.item.id for one in drawer.draw("any").items) in found
    else:
        with pytest.raises(Refusal):
            drawer.draw("any")


def right_choices(blueprint: Blueprint, drawer: Drawer) -> list[set[str]]:
    items = drawer.table.items()
    halves = [[one for one in items if one.row == row] for row in "一二"]
    found = []
    for first in combinations(halves[0], 2):
        for second in combinations(halves[1], 2):
            ids = {one.id for one in first + second}
            torn = any(len(ids & {one.id for one in unit}) not in (0, len(unit)) for unit in drawer.table.units)
            hostile = any(one.enemies & ids - {one.id} for one in first + second)
            score = sum(int(one.difficulty * 1000) for one in first + second)
            near = abs(score - drawer.table.average.score) <= blueprint.rules.difficulty_window * 500
            if near and not torn and not hostile:
                found.append(ids)
    return found


def test_where_dealing_fails_the_solver_finds_a_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "TRIES", 0)
    pool = in_sets(POOL)
    seen = frozenset(one.id for one in pool[::2])
    paper = draw_paper(BLUEPRINT, pool, "seed", seen=seen)
    assert paper.attempt == BY_SOLVER
    assert_meets(paper, BLUEPRINT, pool)
    assert abs(paper.expected - Drawer(BLUEPRINT, pool).table.average.score) <= 250
    assert not seen & {drawn.item.id for drawn in paper.items if not drawn.item.stimulus}
    assert draw_paper(BLUEPRINT, pool, "seed", seen=seen) == paper


def test_a_bank_of_extremes_cannot_give_equal_papers() -> None:
    blueprint = make_blueprint(level_of({"一": 100}, {"single": (3, 1)}))
    shades = [Decimal("0.1")] * 3 + [Decimal("0.9")] * 3
    pool = [replace(one, difficulty=shade) for one, shade in zip(varied(blueprint, 2), shades, strict=True)]
    with pytest.raises(Refusal) as refused:
        draw_paper(blueprint, pool, 1)
    assert refused.value.code == "papers_unequal"
