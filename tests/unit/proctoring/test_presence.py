"""Signs of life, and a store that may be gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis

from proctoring.presence import AT_MOST_EVERY, Presence
from proctoring.volatile import REST, Volatile
from tests.factories.absent_store import Gone

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def store(redis_url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def test_the_last_sign_is_seen_and_the_silent_are_not(store: redis.Redis) -> None:
    hand = Hand()
    here = Presence(Volatile(store, hand))
    here.beat(1, NOW)
    hand.at += AT_MOST_EVERY
    here.beat(1, NOW + timedelta(seconds=2))
    assert here.seen([1, 2]) == {1: NOW + timedelta(seconds=2)}
    assert Presence(Volatile(store)).seen([1]) == {1: NOW + timedelta(seconds=2)}, "another process sees it too"


def test_signs_close_together_are_written_once(store: redis.Redis) -> None:
    hand = Hand()
    here = Presence(Volatile(store, hand))
    here.beat(1, NOW)
    here.beat(1, NOW + timedelta(seconds=1))
    assert here.seen([1]) == {1: NOW}


def test_an_emptied_store_begins_again(store: redis.Redis) -> None:
    here = Presence(Volatile(store))
    here.beat(1, NOW)
    store.flushdb()
    assert here.seen([1]) == {}


def test_an_absent_store_is_asked_once_in_a_while_and_never_raises() -> None:
    hand, gone = Hand(), Gone()
    here = Presence(Volatile(gone, hand))
    for attempt in range(1, 50):
        here.beat(attempt, NOW)
    assert here.seen([1, 2]) is None
    assert gone.calls == 1
    hand.at += REST
    assert here.seen([1]) is None
    assert gone.calls == 2


def test_nobody_to_ask_about_needs_no_store() -> None:
    assert Presence(Volatile(Gone())).seen([]) == {}
