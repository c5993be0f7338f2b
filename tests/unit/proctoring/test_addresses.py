"""A change of the network address is noticed once, by whichever process hears of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.integrity import IntegritySignal
from proctoring import addresses
from proctoring.addresses import Addresses
from tests.factories import integrity, rooms


@pytest.fixture
def heard(store: Flask) -> Addresses:
    return Addresses(store)


def told(session: Session) -> list[dict[str, str]]:
    session.rollback()
    return [row.data for row in session.scalars(select(IntegritySignal).order_by(IntegritySignal.id))]


def test_only_a_change_is_a_signal(session: Session, heard: Addresses) -> None:
    one, other = rooms.room(session).attempt_ids
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1"):
        heard.seen(one, address)
        heard.seen(other, "10.0.0.7")
        heard.pass_on()
    assert told(session) == [
        {"before": "10.0.0.1", "after": "10.0.0.2"},
        {"before": "10.0.0.2", "after": "10.0.0.1"},
    ]


def test_processes_know_of_each_other(store: Flask, session: Session, heard: Addresses) -> None:
    attempt, second = rooms.room(session).attempt_ids[0], Addresses(store)
    for process in (heard, second):
        process.seen(attempt, "10.0.0.1")
        process.pass_on()
    assert told(session) == []
    second.seen(attempt, "2001:db8::1")
    second.pass_on()
    assert [one["after"] for one in told(session)] == ["2001:db8::1"]


def test_where_it_is_not_recorded_it_is_no_signal(session: Session, heard: Addresses) -> None:
    room = rooms.room(session)
    integrity.agreed(session, room.session_id, signals=("focus",))
    for address in ("10.0.0.1", "10.0.0.2"):
        heard.seen(room.attempt_ids[0], address)
        heard.pass_on()
    assert told(session) == []


def test_an_attempt_that_is_gone_harms_no_other(session: Session, heard: Addresses) -> None:
    attempt = rooms.room(session).attempt_ids[0]
    for address in ("10.0.0.1", "10.0.0.2"):
        heard.seen(attempt, address)
        heard.seen(999_999, address)
        heard.pass_on()
    assert len(told(session)) == 1


def test_what_could_not_be_written_is_noticed_again(
    session: Session, heard: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = rooms.room(session).attempt_ids[0]
    heard.seen(attempt, "10.0.0.1")
    heard.pass_on()

    def away(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(addresses, "write", away)
        heard.seen(attempt, "10.0.0.2")
        heard.pass_on()
    heard.seen(attempt, "10.0.0.2")
    heard.pass_on()
    assert len(told(session)) == 1
