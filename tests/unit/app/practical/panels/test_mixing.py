"""Partners change, and nothing else does."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.practical.panels.allocation import allocate
from app.practical.panels.mixing import Two, mixed

EXAMINERS = st.integers(1, 8)


@st.composite
def days(draw: st.DrawFn) -> tuple[dict[int, Two], dict[int, int], set[tuple[int, int]], set[int]]:
    """Pairs, slots, ties that the pairs keep, and candidates that are fixed. Nobody is at two places at a time."""
    pairs, slots = {}, {}
    for slot in range(draw(st.integers(1, 4))):
        order = draw(st.permutations(range(1, 9)))
        for place in range(draw(st.integers(1, 4))):
            pairs[len(pairs)] = (order[2 * place], order[2 * place + 1])
            slots[len(slots)] = slot
    ties = draw(st.sets(st.tuples(st.integers(0, len(pairs) - 1), EXAMINERS), max_size=20))
    kept = {(candidate, one) for candidate, one in ties if one not in pairs[candidate]}
    return pairs, slots, kept, draw(st.sets(st.sampled_from(sorted(pairs))))


@given(days())
def test_loads_times_ties_and_what_is_fixed_stay(
    day: tuple[dict[int, Two], dict[int, int], set[tuple[int, int]], set[int]],
) -> None:
    pairs, slots, ties, fixed = day
    found = mixed(pairs, slots, ties, fixed)
    assert found.keys() == pairs.keys()
    assert all(len(set(pair)) == 2 for pair in found.values())
    assert not [(one, examiner) for one, pair in found.items() for examiner in pair if (one, examiner) in ties]
    assert all(found[one] == pairs[one] for one in fixed)
    for slot in set(slots.values()):
        here = [one for one in pairs if slots[one] == slot]
        loads = [Counter(examiner for one in here for examiner in some[one]) for some in (found, pairs)]
        assert loads[0] == loads[1]
    squares = [sum(n * n for n in Counter(map(frozenset, some.values())).values()) for some in (found, pairs)]
    assert squares[0] <= squares[1]


def test_on_a_small_panel_everybody_sits_with_everybody() -> None:
    for count in (12, 20, 30):
        found = allocate(range(count), [1, 2, 3, 4], set())
        met = Counter(frozenset((pair.first, pair.second)) for pair in found.values())
        assert met.keys() == set(map(frozenset, combinations((1, 2, 3, 4), 2)))
        assert max(met.values()) - min(met.values()) <= 2
