"""Solving again on the day: what has begun stays, and nobody could change less."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.practical.panels.rostering.day import Day, changed
from app.practical.panels.rostering.judge import violations
from app.practical.panels.rostering.repairing import Repaired, repair
from app.practical.panels.rostering.values import Plan, Problem, Rules, Station, Task
from app.practical.panels.timetable import find_roster
from tests.unit.app.practical.panels.rostering.test_timetable import hall, plans


@st.composite
def small_days(draw: st.DrawFn) -> tuple[Problem, Day]:
    candidates = tuple(range(1, draw(st.integers(1, 2)) + 1))
    examiners = tuple(range(11, 11 + draw(st.integers(2, 4))))
    tasks = (Task("call", 1, attended=True), Task("chat", 1, attended=False))
    stations = (Station(1, frozenset({"call"})), Station(2, frozenset({"call"})), Station(3, frozenset({"chat"}), 1))
    rules = Rules(span=3, gap=0, stretch=draw(st.integers(1, 3)), rest=draw(st.integers(0, 1)), capacity=2)
    problem = Problem(candidates, examiners, frozenset(), tasks, stations, draw(st.integers(2, 4)), rules)
    try:
        former = find_roster(problem)
    except Refusal:
        assume(False)
        raise
    away = draw(st.frozensets(st.sampled_from(examiners), max_size=1))
    out = draw(st.sampled_from([frozenset(), frozenset({1}), frozenset({2})]))
    return problem, Day(former, away=away, out=out)


def fewest(problem: Problem, day: Day) -> int | None:
    """By trying every roster there is."""
    allowed = [
        [
            plan
            for plan in plans(problem, candidate)
            if not day.away & {*plan.pair} and all(turn.station not in day.out for turn in plan.turns)
        ]
        for candidate in problem.candidates
    ]
    costs = [
        sum(changed(day.former[candidate], plan) for candidate, plan in zip(problem.candidates, chosen, strict=True))
        for chosen in product(*allowed)
        if not violations(problem, dict(zip(problem.candidates, chosen, strict=True)))
    ]
    return min(costs, default=None)


def tried(problem: Problem, day: Day) -> Repaired | None:
    try:
        return repair(problem, day)
    except Refusal:
        return None


@settings(max_examples=60, deadline=None)
@given(small_days())
def test_nobody_could_change_less(drawn: tuple[Problem, Day]) -> None:
    problem, day = drawn
    found, least = tried(problem, day), fewest(problem, day)
    assert (found is None) == (least is None)
    if found is not None:
        assert violations(problem, found.roster) == []
        assert found.changes == sum(changed(day.former[one], plan) for one, plan in found.roster.items())
        assert least is not None
        if found.fewest:
            assert found.changes == least
        assert found.changes >= least


@st.composite
def running_days(draw: st.DrawFn) -> tuple[Problem, Day]:
    """In the middle of a day that leaves little room: ties come to light, people leave, stations fail."""
    candidates = tuple(range(1, draw(st.integers(3, 6)) + 1))
    examiners = tuple(range(11, 11 + draw(st.integers(4, 5))))
    tasks = (Task("call", 4, attended=True), Task("chat", 3, attended=False), Task("form", 2, attended=False))
    stations = (
        Station(1, frozenset({"call"})), Station(2, frozenset({"call"})),
        Station(3, frozenset({"chat", "form"}), draw(st.integers(1, 3))),
    )  # fmt: skip
    window = draw(st.integers(18, 40))
    problem = Problem(candidates, examiners, frozenset(), tasks, stations, window, Rules(span=14, gap=1, stretch=30))
    try:
        former = find_roster(problem)
    except Refusal:
        assume(False)
        raise
    pairs = st.tuples(st.sampled_from(candidates), st.sampled_from(examiners))
    ties = draw(st.frozensets(pairs, max_size=3))
    now = draw(st.integers(0, window))
    begun = frozenset(one for one, plan in former.items() if plan.turns[0].start < now and draw(st.booleans()))
    away = draw(st.frozensets(st.sampled_from(examiners), max_size=1))
    out = draw(st.sampled_from([frozenset(), frozenset({1}), frozenset({2})]))
    return replace(problem, ties=ties), Day(former, now, begun, away, out=out)


@settings(max_examples=30, deadline=None)
@given(running_days())
def test_no_rule_is_broken_on_a_running_day(drawn: tuple[Problem, Day]) -> None:
    """A refusal or a roster that stands; the solver judges its own work and would say so."""
    problem, day = drawn
    found = tried(problem, day)
    if found is None:
        return
    for one, plan in found.roster.items():
        before = day.former[one]
        early = {turn for turn in before.turns if turn.start < day.now}
        assert early <= {*plan.turns}, "what has begun stays"
        late = [turn for turn in plan.turns if turn not in before.turns]
        assert all(turn.start >= day.now for turn in late), "nothing new begins in what is over"
    untied = replace(problem, ties=frozenset())
    assert violations(untied, found.roster) == []


def test_who_goes_on_keeps_the_examiners_that_a_tie_would_need() -> None:
    """Both blocks have begun, all four examiners attend: nobody can take over, and that is what it says."""
    tasks = (Task("call", 30, attended=True), Task("form", 20, attended=False))
    stations = (Station(1, frozenset({"call"})), Station(2, frozenset({"call"})), Station(3, frozenset({"form"}), 2))
    problem = Problem((1, 2), (11, 12, 13, 14), frozenset(), tasks, stations, 200)
    former = find_roster(problem)
    assert {turn.start for plan in former.values() for turn in plan.turns if turn.slot == "call"} == {0}
    tied = replace(problem, ties=frozenset({(1, former[1].second)}))
    assert tried(tied, Day(former, now=12)) is None


def test_a_free_examiner_takes_over_and_nothing_else_moves() -> None:
    problem = hall(candidates=(1, 2, 3), examiners=tuple(range(101, 108)))
    former = find_roster(problem)
    gone = former[1].first
    found = repair(problem, Day(former, away=frozenset({gone})))
    affected = sum((plan.first == gone) + (plan.second == gone) for plan in former.values())
    assert (found.changes, found.fewest) == (affected, True)
    assert all(found.roster[one].turns == former[one].turns for one in former)


def test_what_has_begun_stays_with_its_examiners() -> None:
    problem = hall()
    former = find_roster(problem)
    begun = frozenset(one for one, plan in former.items() if plan.turns[0].start < 60)
    gone = former[min(begun)].first
    found = tried(problem, Day(former, 60, begun, frozenset({gone})))
    if found is not None:
        assert all(found.roster[one].pair == former[one].pair for one in begun)
        early = {(one, turn) for one, plan in former.items() for turn in plan.turns if turn.start < 60}
        assert early <= {(one, turn) for one, plan in found.roster.items() for turn in plan.turns}


def test_who_is_missing_frees_their_place_and_changes_nobody() -> None:
    problem = hall()
    former = find_roster(problem)
    rest = replace(problem, candidates=problem.candidates[1:])
    found = repair(rest, Day({one: plan for one, plan in former.items() if one != 1}))
    assert (found.changes, found.fewest) == (0, True)
    assert found.roster == {one: plan for one, plan in former.items() if one != 1}


def test_a_tie_found_on_the_day_parts_the_two() -> None:
    problem = hall(candidates=(1, 2, 3), examiners=tuple(range(101, 108)))
    former = find_roster(problem)
    tied = replace(problem, ties=frozenset({(2, former[2].second)}))
    found = repair(tied, Day(former))
    assert (found.changes, found.fewest) == (1, True)
    assert found.roster[2].second != former[2].second


def test_somebody_new_is_fitted_in() -> None:
    problem = hall()
    former = {one: plan for one, plan in find_roster(problem).items() if one != 12}
    found = repair(problem, Day(former))
    assert set(found.roster) == set(problem.candidates)
    assert all(isinstance(plan, Plan) for plan in found.roster.values())
    assert {one: found.roster[one].turns for one in former} == {one: plan.turns for one, plan in former.items()}


def test_in_a_full_hall_a_tie_is_mended_by_an_exchange() -> None:
    problem = hall(window=300)
    former = find_roster(problem)
    sought = min(former, key=lambda one: former[one].turns[0].start)
    after = replace(problem, ties=frozenset({(sought, former[sought].first)}))
    found = repair(after, Day(former))
    assert (found.changes, found.fewest) == (2, True)
    assert violations(after, found.roster) == []
