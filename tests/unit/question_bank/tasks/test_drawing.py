"""Who gets which task: what must always hold."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.tasks.drawing import Drawer, Stock, draw

KINDS = ("call", "complaint", "sale")
TRADES = ("finance", "health", "travel", "express")
SLOTS = [("one", "call"), ("two", "complaint"), ("three", "sale"), ("again", "call")]


def stock(*sizes: int, drawn: int = 0) -> list[Stock]:
    return [
        Stock(number * 100 + place, f"{kind}-{place}", kind, TRADES[(place + number) % len(TRADES)], drawn)
        for number, (kind, size) in enumerate(zip(KINDS, sizes, strict=True))
        for place in range(size)
    ]


sizes = st.tuples(*(st.integers(0, 6) for _ in KINDS))
people = st.integers(1, 25)
seeds = st.text(max_size=8)


@given(sizes, people, seeds)
def test_everybody_gets_a_task_of_the_kind_wherever_there_is_one(held: tuple[int, ...], count: int, seed: str) -> None:
    found = draw(SLOTS[:3], stock(*held), [Drawer(key) for key in range(count)], seed)
    for key in range(count):
        for (slot, kind), size in zip(SLOTS, held, strict=False):
            got = found.get(key, {}).get(slot)
            assert (got is not None) == (size > 0)
            assert got is None or got.kind == kind


@given(sizes, people, seeds)
def test_each_task_goes_to_as_many_as_any_other_within_one(held: tuple[int, ...], count: int, seed: str) -> None:
    tasks = stock(*held)
    found = draw(SLOTS[:3], tasks, [Drawer(key) for key in range(count)], seed)
    for slot, kind in SLOTS[:3]:
        used = Counter(one[slot].code for one in found.values() if slot in one)
        loads = [used[one.code] for one in tasks if one.kind == kind]
        assert not loads or max(loads) - min(loads) <= 1


@given(sizes, people, seeds, st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_whatever_the_order(
    held: tuple[int, ...], count: int, seed: str, chance: Random
) -> None:
    tasks, drawers = stock(*held), [Drawer(key) for key in range(count)]
    found = draw(SLOTS, tasks, drawers, seed)
    chance.shuffle(tasks)
    chance.shuffle(drawers)
    assert draw(SLOTS, tasks, drawers, seed) == found


@given(sizes, people, seeds)
def test_nobody_does_one_task_twice(held: tuple[int, ...], count: int, seed: str) -> None:
    for tasks in draw(SLOTS, stock(*held), [Drawer(key) for key in range(count)], seed).values():
        codes = [one.code for one in tasks.values()]
        assert len(codes) == len(set(codes))


@given(st.integers(1, 6), people, seeds, st.data())
def test_what_was_met_before_comes_only_when_nothing_else_is_left(
    size: int, count: int, seed: str, data: st.DataObject
) -> None:
    tasks = stock(size, 0, 0)
    codes = [one.code for one in tasks]
    drawers = [Drawer(key, met=frozenset(data.draw(st.sets(st.sampled_from(codes))))) for key in range(count)]
    found = draw(SLOTS[:1], tasks, drawers, seed)
    for one in drawers:
        met_all = one.met >= set(codes)
        assert (found[one.key]["one"].code in one.met) == met_all


@given(sizes, people, seeds, st.data())
def test_what_stands_is_never_touched(held: tuple[int, ...], count: int, seed: str, data: st.DataObject) -> None:
    tasks, drawers = stock(*held), [Drawer(key) for key in range(count)]
    first = draw(SLOTS[:3], tasks, drawers, seed)
    begun = {key: data.draw(st.sets(st.sampled_from(sorted(one)))) for key, one in first.items()}
    kept = [Drawer(key, {slot: first[key][slot] for slot in begun.get(key, ())}) for key in range(count)]
    again = draw(SLOTS[:3], tasks, kept, seed + "again")
    for key, slots in begun.items():
        assert not slots & again.get(key, {}).keys()
    for key, one in first.items():
        assert begun[key] | again.get(key, {}).keys() == one.keys()


@given(people, seeds)
def test_no_trade_twice_where_there_are_enough(count: int, seed: str) -> None:
    """Four trades for each kind: three tasks of one candidate can always be of three."""
    for tasks in draw(SLOTS[:3], stock(4, 4, 4), [Drawer(key) for key in range(count)], seed).values():
        trades = [one.trade for one in tasks.values()]
        assert len(set(trades)) == len(trades)


def test_no_trade_twice_over_all_tasks_together() -> None:
    """Five of eight trades for each of seven tasks: whoever deals one after the other, once, has to repeat some."""
    kinds = [f"kind-{number}" for number in range(7)]
    tasks = [
        Stock(number * 10 + place, f"{kind}-{place}", kind, f"trade-{(place + 3 * number) % 8}")
        for number, kind in enumerate(kinds)
        for place in range(5)
    ]
    found = draw([(kind, kind) for kind in kinds], tasks, [Drawer(key) for key in range(100)], "s")
    assert all(len(one) == len({task.trade for task in one.values()}) == 7 for one in found.values())
    for kind in kinds:
        assert set(Counter(one[kind].code for one in found.values()).values()) == {20}


@given(st.integers(2, 5), st.integers(2, 12), seeds, st.data())
def test_dealing_again_never_repeats_more(trades: int, count: int, seed: str, data: st.DataObject) -> None:
    tasks = [
        Stock(number * 10 + place, f"{kind}-{place}", kind, f"trade-{data.draw(st.integers(1, trades))}")
        for number, kind in enumerate(KINDS)
        for place in range(data.draw(st.integers(1, 4)))
    ]
    drawers = [Drawer(key) for key in range(count)]
    once, often = (draw(SLOTS[:3], tasks, drawers, seed, rounds=rounds) for rounds in (1, 12))
    assert pairs(often) <= pairs(once)


def pairs(found: dict[int, dict[str, Stock]]) -> int:
    counts = (Counter(task.trade for task in one.values()).values() for one in found.values())
    return sum(number * (number - 1) // 2 for one in counts for number in one)


def test_the_least_drawn_goes_first() -> None:
    tasks = [Stock(1, "old", "call", "finance", drawn=9), Stock(2, "new", "call", "health", drawn=1)]
    assert draw([("one", "call")], tasks, [Drawer(1)], "any")[1]["one"].code == "new"


def test_a_hundred_resits_still_get_what_they_have_not_met() -> None:
    """Unseen beats even: all have met every task but one."""
    tasks = stock(4, 0, 0)
    met = frozenset(one.code for one in tasks[1:])
    found = draw(SLOTS[:1], tasks, [Drawer(key, met=met) for key in range(100)], "seed")
    assert {one["one"].code for one in found.values()} == {tasks[0].code}


@settings(max_examples=25)
@given(st.integers(2, 5), seeds)
def test_an_earlier_candidate_makes_room(size: int, seed: str) -> None:
    """One of them can only take the first task; everybody else can take any: nobody gets more than an even part."""
    tasks = stock(size, 0, 0)
    codes = [one.code for one in tasks]
    drawers = [Drawer(key, met=frozenset(codes[1:]) if key == 0 else frozenset()) for key in range(size)]
    found = draw(SLOTS[:1], tasks, drawers, seed)
    assert found[0]["one"].code == codes[0]
    assert {one["one"].code for one in found.values()} == set(codes)
