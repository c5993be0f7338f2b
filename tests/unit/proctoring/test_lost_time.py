"""Lost seconds: never negative, never more than the window, never the same ones twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.lost_time import LEAST, Record, Span, common, lost, minus, seconds, union

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


RUN = span(0, 7200)
moments = st.integers(-600, 8000).map(at)
spans = st.tuples(moments, st.integers(0, 1500)).map(lambda pair: Span(pair[0], pair[0] + timedelta(seconds=pair[1])))
many = st.lists(spans, max_size=6)
records = st.builds(
    Record, run=st.just(RUN), silences=many, heard=st.lists(moments, max_size=5), paused=many, decided=many
)


@pytest.mark.parametrize(
    "record, window, expected",
    [
        (Record(RUN, [span(100, 400)]), span(0, 600), 300),
        (Record(RUN, [span(100, 400), span(200, 500)]), span(0, 600), 400),  # who noticed it twice lost it once
        (Record(RUN, [span(100, 400)]), span(300, 600), 100),  # only what lies in the window
        (Record(RUN, [span(100, 145)]), span(0, 600), 0),  # two signs late are no outage
        (Record(RUN, [span(-100, 100)]), span(-100, 600), 100),  # not before the start
        (Record(RUN, [span(100, 400)], paused=[span(150, 250)]), span(0, 600), 200),
        (Record(RUN, [span(100, 400)], decided=[span(0, 600)]), span(0, 600), 0),
        (Record(RUN, [span(100, 400)], heard=[at(140), at(300)]), span(0, 600), 260),  # 40 s of it were none
        (Record(RUN, []), span(0, 600), 0),
        (Record(RUN, [span(100, 200.2)]), span(0, 600), 101),  # a part of a second is given, not kept
    ],
)
def test_what_is_counted(record: Record, window: Span, expected: int) -> None:
    assert seconds(lost(record, window)) == expected


@given(records, spans)
def test_never_negative_and_never_more_than_the_window(record: Record, window: Span) -> None:
    found = lost(record, window)
    assert 0 <= seconds(found) <= window.length.total_seconds()
    assert found == union(found)
    for piece in found:
        assert window.start <= piece.start < piece.end <= window.end
        assert RUN.start <= piece.start < piece.end <= RUN.end


@given(records, spans)
def test_nothing_paused_or_decided_is_counted(record: Record, window: Span) -> None:
    found = lost(record, window)
    for out in (*record.paused, *record.decided):
        assert all(piece.end <= out.start or piece.start >= out.end for piece in found if out.start < out.end)


@given(records, spans, spans)
def test_what_was_decided_is_never_given_again(record: Record, window: Span, later: Span) -> None:
    before = Record(record.run, record.silences, record.heard, record.paused, [*record.decided, window])
    once, again = lost(record, window), lost(before, later)
    assert seconds([*once, *again]) == seconds(union([*once, *again]))


@given(many, many)
def test_taking_away_leaves_nothing_of_it(some: list[Span], others: list[Span]) -> None:
    left = minus(some, others)
    assert seconds(left) <= seconds(union(some))
    assert minus(left, others) == left


@given(records, spans)
def test_every_piece_lies_in_a_silence_longer_than_a_late_sign(record: Record, window: Span) -> None:
    long = [one for one in union(record.silences) if one.length > LEAST]
    assert all(any(one.start <= piece.start and piece.end <= one.end for one in long) for piece in lost(record, window))


def test_many_at_once_are_an_outage_and_one_alone_is_not() -> None:
    together = [[span(100, 400)], [span(120, 420)], [span(90, 380)], [span(1000, 1200)]]
    assert common(together, 10) == [(span(120, 380), 3)]
    assert common(together[:2], 10) == []
    assert common(together, 100) == []
