"""What signals mean, and when they ask for a look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring import signals
from proctoring.signals import MEANINGS, THRESHOLDS, Kind, Tally

TALLIES = st.builds(Tally, st.integers(0, 50), st.integers(0, 5000), st.integers(0, 5000))


def test_every_kind_says_what_it_does_not_prove() -> None:
    assert set(MEANINGS) == set(Kind)
    assert all(one.name and one.recorded and one.not_proof for one in MEANINGS.values())


@pytest.mark.parametrize(
    "kind, tally, asks",
    [
        (Kind.FOCUS, Tally(4, 29), False),
        (Kind.FOCUS, Tally(5, 0), True),
        (Kind.FOCUS, Tally(1, 30), True),
        (Kind.PASTE, Tally(1, 0, 199), False),
        (Kind.PASTE, Tally(1, 0, 200), True),
        (Kind.SCREENS, Tally(1), True),
        (Kind.TAKEOVER, Tally(1), False),
        (Kind.CONSENT, Tally(9), False),
    ],
)
def test_when_a_kind_asks_for_a_look(kind: Kind, tally: Tally, asks: bool) -> None:
    assert signals.asking({kind: tally}) == ([kind] if asks else [])


def test_refusing_pictures_never_counts_against_anybody() -> None:
    assert Kind.CONSENT not in THRESHOLDS


@given(st.dictionaries(st.sampled_from(Kind), TALLIES), st.sampled_from(Kind))
def test_more_of_it_is_never_less_urgent(tallies: dict[Kind, Tally], kind: Kind) -> None:
    had = tallies.get(kind, Tally())
    more = {**tallies, kind: Tally(had.count + 1, had.seconds + 1, had.length + 1)}
    assert signals.urgency(more) > signals.urgency(tallies)
    assert set(signals.asking(tallies)) <= set(signals.asking(more))


def test_a_session_records_what_it_chose_and_what_it_asks() -> None:
    recorded = signals.recorded_kinds(["focus", "takeover", "nonsense"], full_screen=True, pictures=True)
    assert recorded == {Kind.FOCUS, Kind.FULL_SCREEN, Kind.CAPTURE}
    assert signals.recorded_kinds([], full_screen=False, pictures=False) == frozenset()
