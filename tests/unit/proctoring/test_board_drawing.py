"""The board brought up to date by what changed equals the board read anew, whatever happened in between."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.exam import Attempt, AttemptState
from app.models.integrity import IntegritySignal
from app.models.registration import ExamSession
from app.models.registration import Room as RoomRow
from proctoring import board, board_live, interventions
from proctoring.board_drawing import ROOMS, WHOLE, everything
from proctoring.presence import Presence, Sign
from proctoring.views import View, views
from tests.factories import rooms
from tests.factories.rooms import Room
from tests.unit.proctoring.test_board import do

ACTS = ("pause", "resume", "extend", "void", "incident", "takeover", "saved", "sign", "waits", "signal", "time", "gone")


class Heard(Presence):
    """A store that heard these; None is a store that is away."""

    def __init__(self) -> None:
        self.known: dict[int, str] | None = {}

    def written(self, attempt_ids: Any) -> dict[int, str] | None:
        return None if self.known is None else {one: self.known[one] for one in attempt_ids if one in self.known}


@pytest.fixture
def here(session: Session) -> Room:
    made = rooms.room(session, candidates=5, started=4)
    session.add(RoomRow(session_id=made.session_id, name="A", first_seat=1, last_seat=2))
    session.commit()
    return made


def happens(session: Session, here: Room, heard: Heard, act: str, place: int, now: datetime) -> None:
    attempt_id = here.attempt_ids[place]
    if act in ("saved", "signal") and rooms.state_of(session, attempt_id) != AttemptState.IN_PROGRESS:
        return
    if act == "saved":
        columns = {"last_seq": Attempt.last_seq + 1, "last_saved_at": now}
        session.execute(sa.update(Attempt).where(Attempt.id == attempt_id).values(columns))
        do(session, here, "answer", attempt_id)
    elif act in ("sign", "waits") and heard.known is not None:
        heard.known[attempt_id] = Sign(now, 3, 40 + place).written() if act == "waits" else Sign(now).written()
    elif act == "signal":
        session.add(IntegritySignal(attempt_id=attempt_id, kind="paste"))
    elif act == "gone":
        heard.known = {} if heard.known is None else None
    elif act != "time":
        do(session, here, act, attempt_id)
    session.commit()


def shown(text: str) -> Any:
    found = json.loads(text)
    for place in found["candidates"]:
        place["last_sign_at"] = place["last_sign_at"] and datetime.fromisoformat(place["last_sign_at"])
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.sampled_from([0, 1, 50])), max_size=10))
def test_up_to_date_is_as_read_anew(app: Flask, session: Session, here: Room, acts: list[tuple[str, int, int]]) -> None:
    app.extensions.pop("boards_live", None)
    heard, now = Heard(), clock_now()
    exam = session.get_one(ExamSession, here.session_id)
    for act, place, seconds in [("time", 0, 0), *acts]:
        now += timedelta(seconds=seconds)
        happens(session, here, heard, act, place, now)
        parts = views(session, exam)
        made = everything(session, exam, heard, now, parts, whole=True)
        for name, view in [*((one.first, one) for one in parts), (WHOLE, None)]:
            anew = board.picture(session, exam, heard, now, view)
            assert shown(made[name].text) == shown(anew.model_dump_json())
        rows = json.loads(made[ROOMS].text)["rooms"]
        assert [one["seats"] for one in rows] == [2, 3]


def test_the_mark_of_a_picture_tells_whether_anything_but_time_moved(session: Session, here: Room) -> None:
    exam, heard, now = session.get_one(ExamSession, here.session_id), Heard(), clock_now()
    parts = views(session, exam)

    def marks(later: int) -> dict[int, str]:
        made = everything(session, exam, heard, now + timedelta(seconds=later), parts)
        return {one.first: made[one.first].etag for one in parts}

    first = marks(0)
    happens(session, here, heard, "sign", 0, now + timedelta(seconds=5))
    assert marks(6) == first
    interventions.pause(session, here.actor, here.attempt_ids[3], "why", clock_now())
    session.commit()
    changed = marks(7)
    assert (changed[1], changed[3] == first[3]) == (first[1], False)
    assert marks(60)[1] != changed[1]  # silent by now


def test_only_what_changed_is_read(session: Session, here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    exam, heard, now = session.get_one(ExamSession, here.session_id), Heard(), clock_now()
    read = list[int]()
    these = board_live.board_rows.these

    def counted(session: Session, session_id: int, numbers: Any) -> Any:
        read.extend(numbers)
        return these(session, session_id, numbers)

    monkeypatch.setattr(board_live.board_rows, "these", counted)
    parts = [View(1, 5)]
    everything(session, exam, heard, now, parts)
    assert read == [1, 2, 3, 4, 5]
    read.clear()
    everything(session, exam, heard, now, parts)
    assert len(read) <= 1  # whose turn it is
    read.clear()
    interventions.pause(session, here.actor, here.attempt_ids[1], "why", clock_now())
    session.commit()
    everything(session, exam, heard, now, parts)
    assert 2 in read
    assert len(read) <= 2


def test_a_seat_that_is_given_up_leaves_the_board(session: Session, here: Room) -> None:
    exam, heard, now = session.get_one(ExamSession, here.session_id), Heard(), clock_now()
    made = everything(session, exam, heard, now, [View(1, 5)])
    assert len(json.loads(made[1].text)["candidates"]) == 5
    session.execute(sa.delete(Attempt).where(Attempt.id == here.attempt_ids[4]))
    session.execute(sa.text("DELETE FROM seat WHERE session_id = :s AND number = 5"), {"s": here.session_id})
    session.commit()
    made = everything(session, exam, heard, now, [View(1, 5)])
    assert [one["seat"] for one in json.loads(made[1].text)["candidates"]] == [1, 2, 3, 4]
    assert len(board_live.live(here.session_id)) == 4
