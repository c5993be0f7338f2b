"""Rosters break no rule, refusals are true, remedies help: against trying everything, on small practicals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.practical.panels.rostering.judge import violations
from app.practical.panels.rostering.remedy import Remedy, mended
from app.practical.panels.rostering.values import Plan, Problem, Rules, Station, Task, Turn
from app.practical.panels.timetable import find_roster

CALL, SALE, CHAT, TYPING = (
    Task("call", 12, attended=True), Task("sale", 10, attended=True),
    Task("chat", 20, attended=False), Task("typing", 10, attended=False),
)  # fmt: skip
DESK = frozenset({"call", "sale"})


def plans(problem: Problem, candidate: int) -> Iterator[Plan]:
    """Every plan of one candidate, minute by minute, without asking the solver anything."""
    gap = problem.rules.gap
    desks = [one for one in problem.stations if {task.slot for task in problem.attended} <= one.slots]
    alone = [
        [
            Turn(task.slot, one.id, place, start, problem.minutes(candidate, task))
            for one in problem.stations
            if task.slot in one.slots
            for place in range(1, one.places + 1)
            for start in range(problem.window - problem.minutes(candidate, task) + 1)
        ]
        for task in problem.alone
    ]
    blocks: list[tuple[Turn, ...]] = []
    for desk, start in product(desks, range(problem.window)):
        at, shown = start, list[Turn]()
        for task in problem.attended:
            shown.append(Turn(task.slot, desk.id, 1, at, problem.minutes(candidate, task)))
            at += shown[-1].minutes + gap
        blocks.append(tuple(shown))
    for block in blocks or [()]:
        for others in product(*alone):
            yield from _paired(problem, candidate, (*block, *others))


def _paired(problem: Problem, candidate: int, own: tuple[Turn, ...]) -> Iterator[Plan]:
    turns = tuple(sorted(own, key=lambda turn: turn.start))
    for first, second in permutations(problem.examiners, 2):
        plan = Plan(first, second, turns)
        if not violations(problem, {candidate: plan}):
            yield plan


def possible(problem: Problem) -> bool:
    options = [list(plans(problem, candidate)) for candidate in problem.candidates]

    def fits(index: int, roster: dict[int, Plan]) -> bool:
        if index == len(options):
            return True
        for plan in options[index]:
            after = {**roster, problem.candidates[index]: plan}
            if not violations(problem, after) and fits(index + 1, after):
                return True
        return False

    return fits(0, {})


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    candidates = tuple(range(1, draw(st.integers(1, 2)) + 1))
    examiners = tuple(range(11, 11 + draw(st.integers(1, 3))))
    both = [(c, e) for c in candidates for e in examiners]
    tasks = [Task("call", draw(st.integers(1, 2)), attended=True)]
    if draw(st.booleans()):
        tasks.append(Task("chat", draw(st.integers(1, 2)), attended=False))
    stations = [Station(1, frozenset({"call"}))]
    if draw(st.booleans()):
        stations.append(Station(2, frozenset({"call"})))
    if draw(st.integers(0, 5)):
        stations.append(Station(3, frozenset({"chat"}), draw(st.integers(1, 2))))
    limit = draw(st.integers(1, 2))
    rules = Rules(
        span=draw(st.integers(2, 5)), gap=draw(st.integers(0, 1)), stretch=draw(st.integers(1, 4)),
        rest=draw(st.integers(0, 2)), capacity=draw(st.integers(0, 2)), max_first=limit, max_second=limit,
    )  # fmt: skip
    ties = draw(st.frozensets(st.sampled_from(both), max_size=2))
    return Problem(candidates, examiners, ties, tuple(tasks), tuple(stations), draw(st.integers(2, 6)), rules)


def tried(problem: Problem) -> dict[int, Plan] | Refusal:
    try:
        return find_roster(problem)
    except Refusal as refusal:
        return refusal


def healed(problem: Problem, way: list[dict[str, Any]]) -> Problem:
    for one in way:
        remedy = Remedy(one["kind"], one["count"], tuple(one.get("slots", ())), tuple(one.get("candidates", ())))
        problem = mended(problem, remedy)
    return problem


@settings(max_examples=120, deadline=None)
@given(tiny())
def test_found_exactly_when_there_is_one(problem: Problem) -> None:
    found = tried(problem)
    if isinstance(found, Refusal):
        assert found.details["proved"]
        assert not possible(problem)
        for way in found.details["remedies"]:
            assert isinstance(tried(healed(problem, way)), dict)
    else:
        assert violations(problem, found) == []
        assert set(found) == set(problem.candidates)


@st.composite
def practicals(draw: st.DrawFn) -> Problem:
    """Of the size of a morning, with everything drawn."""
    candidates = tuple(range(1, draw(st.integers(1, 14)) + 1))
    examiners = tuple(range(101, 101 + draw(st.integers(2, 7))))
    both = [(c, e) for c in candidates for e in examiners]
    stations = [Station(number, DESK) for number in range(1, draw(st.integers(1, 3)) + 1)]
    stations.append(Station(10, frozenset({"chat", "typing"}), draw(st.integers(1, 6))))
    if draw(st.booleans()):
        stations.append(Station(11, frozenset({"typing"}), draw(st.integers(1, 3))))
    rules = Rules(
        span=draw(st.integers(60, 120)), gap=draw(st.integers(0, 5)), stretch=draw(st.integers(30, 120)),
        rest=draw(st.integers(0, 20)), capacity=draw(st.integers(1, 20)),
    )  # fmt: skip
    longer = draw(
        st.dictionaries(st.tuples(st.sampled_from(candidates), st.just("chat")), st.integers(1, 15), max_size=2)
    )
    return Problem(
        candidates, examiners, draw(st.frozensets(st.sampled_from(both), max_size=8)), (CALL, SALE, CHAT, TYPING),
        tuple(stations), draw(st.integers(60, 480)), rules, longer,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(practicals())
def test_no_rule_is_ever_broken_and_the_answer_is_the_same_again(problem: Problem) -> None:
    found = tried(problem)
    again = tried(problem)
    if isinstance(found, Refusal):
        assert isinstance(again, Refusal)
        assert found.details == again.details
    else:
        assert violations(problem, found) == []
        assert found == again
        loads = [sum(examiner in plan.pair for plan in found.values()) for examiner in problem.examiners]
        assert max(loads) <= problem.rules.most


DESKS = (Station(1, DESK), Station(2, DESK))


def hall(**how: object) -> Problem:
    stations = (*DESKS, Station(3, frozenset({"chat", "typing"}), 6))
    problem = Problem(
        tuple(range(1, 13)), tuple(range(101, 105)), frozenset(), (CALL, SALE, CHAT, TYPING), stations, 480
    )
    return replace(problem, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "how, constraint",
    [
        ({"stations": (Station(1, DESK),)}, "task_without_station"),
        ({"stations": (Station(3, frozenset({"chat", "typing"}), 6),)}, "block_without_station"),
        ({"window": 40}, "window_too_short"),
        ({"rules": Rules(span=30)}, "span_too_short"),
        ({"rules": Rules(stretch=20)}, "stretch_too_short"),
        ({"rules": Rules(capacity=0)}, "site_capacity"),
        ({"rules": Rules(capacity=1)}, "site_capacity"),
        ({"examiners": (101,)}, "too_few_examiners"),
        ({"candidates": tuple(range(1, 82))}, "too_few_examiners"),
        ({"ties": frozenset((5, examiner) for examiner in (101, 102, 103))}, "ties_leave_too_few"),
        ({"examiners": (101, 102), "window": 200}, "examiners_time"),
        ({"stations": (Station(1, DESK), Station(3, frozenset({"chat", "typing"}), 6)), "window": 250}, "desks_time"),
        ({"stations": (*DESKS, Station(3, frozenset({"chat", "typing"}), 1)), "window": 240}, "places_time"),
    ],
)  # fmt: skip
def test_the_constraint_is_named(how: dict[str, object], constraint: str) -> None:
    refused = tried(hall(**how))
    assert isinstance(refused, Refusal)
    assert refused.details["constraint"] == constraint
    assert refused.details["proved"]
    for way in refused.details["remedies"]:
        assert isinstance(tried(healed(hall(**how), way)), dict)


def test_loads_are_even_and_waiting_is_short() -> None:
    problem = hall()
    roster = find_roster(problem)
    loads = [sum(examiner in plan.pair for plan in roster.values()) for examiner in problem.examiners]
    firsts = [sum(examiner == plan.first for plan in roster.values()) for examiner in problem.examiners]
    assert max(loads) - min(loads) <= 1
    assert max(firsts) - min(firsts) <= 1
    for candidate, plan in roster.items():
        assert plan.turns[-1].end - plan.turns[0].start - problem.presence(candidate) <= 20


def test_nobody_to_examine() -> None:
    assert find_roster(hall(candidates=())) == {}


def test_where_one_computer_holds_all_up_places_for_all_its_tasks_help() -> None:
    tasks = (CALL, SALE, Task("chat", 20, attended=False), Task("ticket", 15, attended=False), TYPING)
    room = frozenset(task.slot for task in tasks if not task.attended)
    problem = hall(
        candidates=tuple(range(1, 31)), examiners=tuple(range(101, 109)), tasks=tasks,
        stations=(*(Station(number, DESK) for number in range(1, 5)), Station(9, room, 1)),
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        find_roster(problem)
    ways = refused.value.details["remedies"]
    assert len(ways) == 2
    assert [one["slots"] for one in ways[0] if one["kind"] == "places"] == [["chat", "ticket", "typing"]]
