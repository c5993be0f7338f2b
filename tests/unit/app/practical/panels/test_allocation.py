"""Panels: limits, ties, evenness, and that one is found whenever there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.practical.panels.allocation import Kept, Pair, allocate

Ties = frozenset[tuple[int, int]]


def loads(plan: dict[int, Pair]) -> tuple[Counter[int], Counter[int]]:
    return Counter(pair.first for pair in plan.values()), Counter(pair.second for pair in plan.values())


def possible(candidates: Sequence[int], examiners: Sequence[int], ties: Ties, limit: int) -> bool:
    """By trying everything."""

    def fits(rest: Sequence[int], firsts: Counter[int], seconds: Counter[int]) -> bool:
        if not rest:
            return True
        for first, second in permutations([e for e in examiners if (rest[0], e) not in ties], 2):
            if firsts[first] < limit and seconds[second] < limit:
                one, two = Counter({first: 1}), Counter({second: 1})
                if fits(rest[1:], firsts + one, seconds + two):
                    return True
        return False

    return fits(candidates, Counter(), Counter())


@st.composite
def small_panels(draw: st.DrawFn) -> tuple[list[int], list[int], Ties, int]:
    candidates = list(range(1, draw(st.integers(1, 5)) + 1))
    examiners = list(range(101, 101 + draw(st.integers(0, 4))))
    pairs = [(c, e) for c in candidates for e in examiners]
    ties = draw(st.frozensets(st.sampled_from(pairs), max_size=len(pairs)) if pairs else st.just(frozenset()))
    return candidates, examiners, ties, draw(st.integers(1, 3))


@given(small_panels())
def test_found_exactly_when_there_is_one(panel: tuple[list[int], list[int], Ties, int]) -> None:
    candidates, examiners, ties, limit = panel
    found = tried(candidates, examiners, ties, limit)
    assert isinstance(found, dict) == possible(candidates, examiners, ties, limit)
    if isinstance(found, Refusal):
        assert set(found.details["candidates"]) <= set(candidates)
    else:
        check(found, candidates, ties, limit)


def tried(
    candidates: Sequence[int], examiners: Sequence[int], ties: Ties, limit: int = 20
) -> dict[int, Pair] | Refusal:
    try:
        return allocate(candidates, examiners, ties, limit, limit)
    except Refusal as refusal:
        return refusal


def check(plan: dict[int, Pair], candidates: Sequence[int], ties: Ties, limit: int) -> None:
    assert list(plan) == list(candidates)
    for candidate, pair in plan.items():
        assert pair.first != pair.second
        assert not {(candidate, pair.first), (candidate, pair.second)} & ties
    for load in loads(plan):
        assert max(load.values()) <= limit


@given(st.integers(1, 60), st.integers(2, 8), st.data())
def test_large_panels_keep_limits_and_ties(count: int, panel: int, data: st.DataObject) -> None:
    candidates, examiners = list(range(count)), list(range(1000, 1000 + panel))
    tied = data.draw(st.dictionaries(st.sampled_from(candidates), st.sampled_from(examiners)))
    ties = frozenset(tied.items())
    found = tried(candidates, examiners, ties)
    if isinstance(found, Refusal):
        assert found.code in ("allocation_impossible", "allocation_conflicts")
    else:
        check(found, candidates, ties, 20)
        assert found == allocate(candidates, examiners, ties)


@given(st.integers(1, 80), st.integers(2, 9))
def test_without_ties_the_load_is_even(count: int, panel: int) -> None:
    limit = -(-count // panel)
    plan = allocate(list(range(count)), list(range(1000, 1000 + panel)), frozenset(), limit, limit)
    both = sum(loads(plan), Counter[int]())
    assert max(both.values()) - min(both[e] for e in range(1000, 1000 + panel)) <= 1
    firsts, seconds = loads(plan)
    assert all(abs(firsts[examiner] - seconds[examiner]) <= 1 for examiner in both)


def test_two_examiners_take_twenty_each_way_and_not_one_more() -> None:
    check(allocate(range(40), [1, 2], frozenset()), range(40), frozenset(), 20)
    with pytest.raises(Refusal) as refused:
        allocate(range(41), [1, 2], frozenset())
    assert refused.value.code == "allocation_impossible"
    assert refused.value.details == {"candidates": [40], "more": 1}
    check(allocate(range(41), [1, 2, 3], frozenset()), range(41), frozenset(), 20)


@given(st.integers(1, 12), st.integers(2, 4), st.integers(1, 2))
def test_so_many_more_help_and_fewer_do_not(count: int, panel: int, limit: int) -> None:
    examiners = list(range(100, 100 + panel))
    try:
        allocate(range(count), examiners, frozenset(), limit, limit)
    except Refusal as refusal:
        more = refusal.details["more"]
        plan = allocate(range(count), [*examiners, *range(200, 200 + more)], frozenset(), limit, limit)
        check(plan, range(count), frozenset(), limit)
        if more > 1:
            with pytest.raises(Refusal):
                allocate(range(count), [*examiners, *range(200, 199 + more)], frozenset(), limit, limit)


def test_a_candidate_tied_to_too_many_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        allocate([7, 8], [1, 2, 3], {(8, 1), (8, 3)})
    assert refused.value.code == "allocation_conflicts"
    assert refused.value.details == {"candidates": [8], "free": 1, "needed": 2}


@given(st.integers(2, 12), st.integers(3, 5), st.data())
def test_what_marks_hang_on_stays(count: int, panel: int, data: st.DataObject) -> None:
    examiners = list(range(1000, 1000 + panel))
    before = allocate(range(count), examiners, frozenset())
    chosen = data.draw(st.sets(st.sampled_from(range(count))))
    kept = {c: Kept(before[c].first, before[c].second if c % 2 else None) for c in chosen}
    after = allocate(range(count), [*examiners[1:], 2000, 2001], frozenset(), kept=kept)
    for candidate, one in kept.items():
        assert after[candidate].first == one.first
        assert one.second in (None, after[candidate].second)
    check(after, range(count), frozenset(), 20)
