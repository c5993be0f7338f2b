"""Silences become evidence, evidence a proposal, a decision time: once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import redis
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.db import db
from app.core.errors import Refusal
from app.models.exam import Attempt
from app.models.watching import Compensation, ConnectionGap, GapSource, ServiceOutage, ServiceSign
from app.web import signs
from proctoring import compensation, interventions
from proctoring.gaps import Keeper, Silence
from proctoring.lost_time import Span
from proctoring.presence import Presence, Sign
from proctoring.volatile import Volatile
from tests.factories import rooms
from tests.factories.absent_store import Gone
from tests.factories.rooms import Room

NOBODY_KNOWS = Presence(Volatile(Gone()))
MINUTE = timedelta(minutes=1)


def ago(minutes: float) -> datetime:
    return clock_now() - timedelta(minutes=minutes)


def begun(session: Session, here: Room, minutes: float = 60) -> None:
    """As if everybody had started so long ago."""
    shift = timedelta(minutes=minutes)
    session.execute(sa.update(Attempt).values(started_at=Attempt.started_at - shift))
    session.commit()


def silent(session: Session, attempt_id: int, start: datetime, end: datetime, source: str = "signs") -> None:
    session.add(ConnectionGap(attempt_id=attempt_id, from_at=start, until_at=end, source=source))
    session.commit()


def proposed(session: Session, here: Room, window: Span) -> dict[int, int]:
    found = compensation.proposals(session, here.session_id, window, NOBODY_KNOWS, clock_now())
    return {one.attempt_id: one.seconds for one in found}


def test_a_silence_ends_and_is_on_record(session: Session, redis_url: str) -> None:
    here = rooms.room(session, candidates=2)
    begun(session, here)
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    client.flushdb()
    present = Presence(Volatile(client), Keeper(db.engine))
    one, other = here.attempt_ids
    present.beats({one: Sign(ago(10)), other: Sign(ago(10))})
    present.beats({one: Sign(ago(9.5)), other: Sign(ago(5), waiting=4, lag=290)})
    present.beats({10**9: Sign(ago(8)), one: Sign(ago(9.4))})
    present.beats({10**9: Sign(ago(1))})  # nobody we know: no row, no harm
    gap = session.scalars(select(ConnectionGap)).one()
    assert (gap.attempt_id, gap.source, gap.waiting) == (other, GapSource.SIGNS, 4)
    assert abs((gap.until_at - gap.from_at) - 5 * MINUTE) < timedelta(seconds=2)
    client.flushdb()
    present.beats({one: Sign(ago(2), waiting=7, lag=180)})
    told = session.scalars(select(ConnectionGap).where(ConnectionGap.attempt_id == one)).one()
    assert (told.source, told.waiting) == (GapSource.CLIENT, 7)
    client.close()


def test_signs_are_harmless_without_the_store_and_without_the_database() -> None:
    Presence(Volatile(Gone())).beats({1: Sign(datetime.now().astimezone())})
    engine = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    keeper = Keeper(engine)
    keeper([Silence(1, ago_fixed(5), ago_fixed(1), "signs")], 0.0)
    assert len(keeper._waiting) == 1


def ago_fixed(minutes: float) -> datetime:
    return datetime.now().astimezone() - timedelta(minutes=minutes)


def test_the_service_notes_that_it_was_away(session: Session) -> None:
    keeper = Keeper(db.engine)
    keeper([], 0.0)
    assert session.scalar(select(ServiceOutage.id)) is None
    session.execute(sa.update(ServiceSign).values(at=ServiceSign.at - 3 * MINUTE))
    session.commit()
    keeper([], 100.0)
    found = session.scalars(select(ServiceOutage)).one()
    assert found.until_at - found.from_at > 2 * MINUTE


def test_time_is_proposed_with_evidence_given_once_and_never_again(session: Session) -> None:
    here = rooms.room(session, candidates=3)
    begun(session, here)
    window = Span(ago(30), clock_now())
    start = ago(20)
    for attempt_id in here.attempt_ids[:2]:
        silent(session, attempt_id, start, start + 4 * MINUTE)
    silent(session, here.attempt_ids[0], start + MINUTE, start + 5 * MINUTE, "client")
    assert proposed(session, here, window) == {here.attempt_ids[0]: 300, here.attempt_ids[1]: 240}
    before = {one: session.get_one(Attempt, one).deadline for one in here.attempt_ids}
    wanted = {here.attempt_ids[0]: 300, here.attempt_ids[1]: 100, here.attempt_ids[2]: 999}
    given = compensation.compensate(
        session, here.actor, here.session_id, window, wanted, "network was down", NOBODY_KNOWS, clock_now()
    )
    assert [one.seconds for one in given] == [300, 100], "who lost nothing is given nothing here"
    session.expire_all()
    moved = [session.get_one(Attempt, one).deadline - before[one] for one in here.attempt_ids]  # type: ignore[operator]
    assert [one.total_seconds() for one in moved] == [300, 100, 0]
    kept = session.scalars(select(Compensation).order_by(Compensation.id)).all()
    assert [(one.measured, one.seconds) for one in kept] == [(300, 300), (240, 100)]
    assert kept[0].evidence[0]["sources"] == ["client", "signs"]
    assert proposed(session, here, window) == {}
    with pytest.raises(Refusal) as refused:
        compensation.compensate(
            session, here.actor, here.session_id, window, wanted, "again", NOBODY_KNOWS, clock_now()
        )
    assert refused.value.code == "nothing_lost"


def test_a_pause_is_no_loss_and_an_outage_is_everybodys(session: Session) -> None:
    here = rooms.room(session, candidates=2)
    begun(session, here)
    start = ago(20)
    interventions.pause(session, here.actor, here.attempt_ids[0], "fire alarm", clock_now())
    session.add(ServiceOutage(from_at=start, until_at=start + 2 * MINUTE))
    session.commit()
    silent(session, here.attempt_ids[0], clock_now(), clock_now() + 5 * MINUTE)
    later = clock_now() + 6 * MINUTE
    window = Span(start - MINUTE, later)
    found = compensation.proposals(session, here.session_id, window, NOBODY_KNOWS, later)
    assert {one.seat: one.seconds for one in found} == {1: 120, 2: 120}
    assert found[0].pieces[0].sources == ("service",)


def test_many_at_once_are_suggested(session: Session) -> None:
    here = rooms.room(session, candidates=4)
    begun(session, here)
    start = ago(20)
    for place, attempt_id in enumerate(here.attempt_ids[:3]):
        silent(session, attempt_id, start + timedelta(seconds=place), start + 3 * MINUTE + timedelta(seconds=place))
    ((window, count),) = compensation.suggested(session, here.session_id, NOBODY_KNOWS, clock_now())
    assert count == 3
    assert window == Span(start, start + 3 * MINUTE + timedelta(seconds=2))


def test_each_source_is_shown_for_the_time_that_it_knows_of(session: Session) -> None:
    """A restart of half a minute is no outage of the quarter of an hour in which somebody was silent."""
    here = rooms.room(session, candidates=1)
    begun(session, here)
    start, end = ago(20), ago(5)
    silent(session, here.attempt_ids[0], start, end)
    session.add(ServiceOutage(from_at=start + MINUTE, until_at=start + 2 * MINUTE))
    session.commit()
    (one,) = compensation.proposals(session, here.session_id, Span(ago(30), clock_now()), NOBODY_KNOWS, clock_now())
    (piece,) = one.pieces
    assert piece.noticed == (("service", Span(start + MINUTE, start + 2 * MINUTE)), ("signs", Span(start, end)))
    assert piece.sources == ("service", "signs")


def test_one_room_is_measured_by_itself(session: Session) -> None:
    """Three of a room of three are a common cause there, and nothing unusual among fifteen."""
    here = rooms.room(session, candidates=16)
    begun(session, here)
    for attempt_id in here.attempt_ids[:3]:
        silent(session, attempt_id, ago(20), ago(17))
    window, now = Span(ago(30), clock_now()), clock_now()
    assert compensation.suggested(session, here.session_id, NOBODY_KNOWS, now) == []
    ((_, count),) = compensation.suggested(session, here.session_id, NOBODY_KNOWS, now, (1, 3))
    assert count == 3
    found = compensation.proposals(session, here.session_id, window, NOBODY_KNOWS, now, (3, 5))
    assert [one.seat for one in found] == [3]
    session.add(ServiceOutage(from_at=ago(20), until_at=ago(17)))
    session.commit()
    assert compensation.proposals(session, here.session_id, window, NOBODY_KNOWS, now, (4, 16)) == [], (
        "others' signs outlived that outage, in whichever room they sit"
    )


def test_a_store_that_has_just_come_back_empty_proves_no_silence(session: Session, redis_url: str) -> None:
    here = rooms.room(session, candidates=2)
    begun(session, here)
    session.execute(sa.update(Attempt).values(last_saved_at=ago(15)))
    session.commit()
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    client.flushdb()
    present, window = Presence(Volatile(client)), Span(ago(30), clock_now())
    present.beats({here.attempt_ids[1]: Sign(ago(5))})
    now = clock_now()
    found = compensation.proposals(session, here.session_id, window, present, now)
    assert [one.seat for one in found] == [2], "only of the other is anything known"
    client.close()


def test_who_may_give_and_what_is_refused(session: Session) -> None:
    here = rooms.room(session, candidates=1)
    begun(session, here)
    silent(session, here.attempt_ids[0], ago(10), ago(8))
    now = clock_now()
    good, wanted = Span(ago(30), now), {here.attempt_ids[0]: 60}
    for window, seconds, reason, code in (
        (Span(now, ago(30)), wanted, "why", "window_wrong"), (Span(ago(600), now), wanted, "why", "window_wrong"),
        (good, {here.attempt_ids[0]: 0}, "why", "seconds_out_of_range"), (good, wanted, " ", "reason_missing"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            compensation.compensate(session, here.actor, here.session_id, window, seconds, reason, NOBODY_KNOWS, now)
        assert refused.value.code == code
    rooms.leave(session, here)
    with pytest.raises(Refusal) as refused:
        compensation.compensate(session, here.actor, here.session_id, good, wanted, "why", NOBODY_KNOWS, now)
    assert refused.value.code == "not_on_duty"


def test_a_restart_is_an_outage_only_of_those_who_were_silent(session: Session) -> None:
    """As long as any sign of life outlived it, each one's own signs tell; where none did, it was everybody's."""
    here = rooms.room(session, candidates=3)
    begun(session, here)
    session.add(ServiceOutage(from_at=ago(10), until_at=ago(9)))
    session.commit()
    window = Span(ago(30), clock_now())
    assert set(proposed(session, here, window)) == set(here.attempt_ids)
    silent(session, here.attempt_ids[1], ago(10.2), ago(8.9))
    assert set(proposed(session, here, window)) == {here.attempt_ids[1]}
    silent(session, here.attempt_ids[2], ago(25), ago(24))
    assert set(proposed(session, here, window)) == set(here.attempt_ids[1:]), "an earlier one is counted by itself"


def test_a_process_told_to_stop_says_that_it_was_at_work_until_then(store: Flask, session: Session) -> None:
    here = rooms.room(session, candidates=1)
    session.add(ServiceSign(id=1, at=ago(0.5)))
    session.commit()
    for name in ("volatile", "presence"):
        store.extensions.pop(name, None)
    signs.give(store, here.attempt_ids[0], clock_now())
    session.execute(sa.update(ServiceSign).values(at=ago(0.5)))
    session.commit()
    signs.end(store)
    store.extensions.pop("signs", None)
    session.expire_all()
    assert session.get_one(ServiceSign, 1).at > ago(0.1)
    assert session.scalars(select(ServiceOutage)).all() == []
