"""How items fared, against the same figures worked out by hand and by plain Python."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from statistics import correlation as pearson

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.bank import Item, ItemVersion
from app.models.exam import Attempt, Response
from app.models.workshop import VersionUsage
from question_bank.workshop import compromise
from question_bank.workshop.finding import find
from question_bank.workshop.usage import (
    COUNT_AT_LEAST_EVERY,
    COUNT_EVERY,
    Tally,
    Usage,
    correlation,
    difficulty,
    refresh_if_due,
    refresh_usage,
    usage_of,
)
from question_bank.workshop.wanted import Wanted
from tests.factories import theory, workshop


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 90)), min_size=2, max_size=30))
def test_correlation_is_that_of_each_with_the_rest(people: list[tuple[bool, int]]) -> None:
    tallies = []
    for right in (True, False):
        totals = [Decimal(rest + right) for good, rest in people if good == right]
        if totals:
            tallies.append(Tally((str(right),), Decimal(right), Decimal(1), len(totals), sum(totals, Decimal(0)),
                                 sum((one * one for one in totals), Decimal(0))))  # fmt: skip
    shares, rests = [float(right) for right, _ in people], [float(rest) for _, rest in people]
    found = correlation(tallies)
    if len(set(shares)) == 1 or len(set(rests)) == 1:
        assert found is None
    else:
        assert found is not None
        assert float(found) == pytest.approx(pearson(shares, rests), abs=0.0006)
    assert difficulty(tallies) == Decimal(sum(right for right, _ in people) / Decimal(len(people))).quantize(
        Decimal("0.001")
    )


def test_nothing_is_known_of_what_nobody_answered() -> None:
    assert (correlation([]), difficulty([])) == (None, None)


@pytest.fixture
def marked(session: Session) -> ItemVersion:
    """Three attempts on one paper, two of them marked; an item that the first alone answered rightly."""
    sittings = theory.open_sitting(session, candidates=3)
    attempts = [session.get_one(Attempt, one.attempt_id) for one in sittings]
    for other in attempts[1:]:
        other.paper = attempts[0].paper
    query = sa.select(ItemVersion).where(
        ItemVersion.id.in_([entry["version_id"] for entry in attempts[0].paper.items]), ItemVersion.type == "single"
    )
    version = session.scalars(query.order_by(ItemVersion.id)).first()
    assert version
    for attempt, answer, score in zip(attempts, (["B"], ["C"], None), (80, 40, None), strict=True):
        position = next(n for n, one in enumerate(attempt.paper.items, 1) if one["version_id"] == version.id)
        attempt.started_at = clock_now() - timedelta(hours=1)
        if answer:
            attempt.state, attempt.score = "marked", Decimal(score or 0)
            session.add(Response(attempt_id=attempt.id, position=position, answer=answer, seq=1, saved_at=clock_now()))
    attempts[2].started_at = None
    session.flush()
    return version


def test_counts_and_figures(session: Session, marked: ItemVersion) -> None:
    found = usage_of(session, [marked.id])[marked.id]
    assert (found.papers, found.delivered, found.marked) == (3, 2, 2)
    assert (found.share, found.correlation) == (Decimal("0.500"), Decimal("1.000"))
    assert found.answers == ((("B",), 1), (("C",), 1))
    assert found.last_used_at is not None


def test_what_lists_show_is_the_same(session: Session, marked: ItemVersion) -> None:
    count = refresh_usage(session, clock_now())
    assert count == session.scalar(sa.select(sa.func.count()).select_from(VersionUsage))
    assert refresh_usage(session, clock_now()) == count
    row = find(session, Wanted(words=marked.item.code), 1, 10).rows[0]
    live = usage_of(session, [marked.id])[marked.id]
    assert (row.papers, row.delivered, row.share, row.correlation) == (
        live.papers, live.delivered, live.share, live.correlation,
    )  # fmt: skip
    found = find(session, Wanted(share_from=Decimal("0.4"), share_to=Decimal("0.6"), papers_from=3), 1, 50)
    assert marked.item.code in [one.code for one in found.rows]
    assert find(session, Wanted(unused=True), 1, 1).total + count == find(session, Wanted(), 1, 1).total
    assert find(session, Wanted(sort="papers", descending=True), 1, 1).rows[0].papers == 3


def test_the_worker_counts_when_something_happened(session: Session, marked: ItemVersion) -> None:
    assert marked.id
    now = clock_now()
    assert refresh_if_due(session, now) > 0
    later = now + COUNT_EVERY
    assert (refresh_if_due(session, now), refresh_if_due(session, later)) == (0, 0)
    attempt = session.scalars(sa.select(Attempt).where(Attempt.state == "marked")).first()
    assert attempt
    attempt.marked_at = now + timedelta(seconds=1)
    sitting = session.scalars(sa.select(Attempt).where(Attempt.state == "prepared")).one()
    sitting.state = "in_progress"
    session.flush()
    assert refresh_if_due(session, later) == 0
    assert refresh_if_due(session, now + COUNT_AT_LEAST_EVERY) > 0


def test_an_item_on_no_paper(session: Session) -> None:
    item = workshop.in_use(session, workshop.person(session), workshop.person(session))
    version = session.scalars(sa.select(ItemVersion).where(ItemVersion.item_id == item)).one()
    assert usage_of(session, [version.id]) == {version.id: Usage(version.id)}
    assert usage_of(session, []) == {}
    assert refresh_usage(session, clock_now()) == refresh_if_due(session, clock_now()) == 0


def test_a_compromised_item_names_its_papers(session: Session, marked: ItemVersion) -> None:
    item = session.get_one(Item, marked.item_id)
    reviewer = workshop.person(session)
    found = compromise.mark_compromised(session, reviewer, item.id, "外泄", clock_now())
    assert [(one.seat, one.state, one.redraw) for one in found] == [
        (1, "marked", False), (2, "marked", False), (3, "prepared", True),
    ]  # fmt: skip
    assert {one.version for one in found} == {1}
    assert compromise.papers_to_redraw(session) == found[2:]
