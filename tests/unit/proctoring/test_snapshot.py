"""One picture for all who look: made once, true after every act, and there without Redis too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.registration import ExamSession
from app.models.registration import Room as RoomRow
from proctoring import board, board_drawing, interventions, snapshot
from proctoring.board_shapes import Board, RoomTallies
from proctoring.presence import presence
from proctoring.views import View, chosen, views
from proctoring.volatile import Volatile
from tests.factories import rooms
from tests.factories.absent_store import Gone
from tests.factories.rooms import Room


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    store.extensions["store"].flushdb()
    for name in ("volatile", "presence", "gallery"):
        store.extensions.pop(name, None)
    made = rooms.room(session, candidates=4)
    session.add(RoomRow(session_id=made.session_id, name="A", first_seat=1, last_seat=2))
    session.commit()
    return made


def look(session: Session, here: Room, name: int) -> Board:
    return Board.model_validate_json(snapshot.live(session, here.session_id, name, clock_now).text)


def test_every_seat_is_in_exactly_one_view(session: Session, here: Room) -> None:
    exam = session.get_one(ExamSession, here.session_id)
    parts = views(session, exam)
    assert [(one.first, one.last, one.name) for one in parts] == [(1, 2, "A"), (3, 4, "3–4")]
    assert chosen(parts, 4).first == 3
    assert chosen(parts, None).name == "A"
    assert chosen(parts, 77).name == "A"


def test_all_views_together_are_the_whole_and_the_figures_agree(session: Session, here: Room) -> None:
    interventions.pause(session, here.actor, here.attempt_ids[3], "why", clock_now())
    session.commit()
    parts = [look(session, here, first) for first in (1, 3)]
    whole = look(session, here, snapshot.WHOLE)
    assert sorted(one.seat for part in parts for one in part.candidates) == sorted(one.seat for one in whole.candidates)
    tallies = RoomTallies.model_validate_json(snapshot.live(session, here.session_id, snapshot.ROOMS, clock_now).text)
    assert [(one.seats, one.running, one.paused) for one in tallies.rooms] == [(2, 2, 0), (2, 1, 1)]
    alone = board.picture(session, session.get_one(ExamSession, here.session_id), presence(), clock_now(), View(3, 4))
    assert [one.seat for one in alone.candidates] == [one.seat for one in parts[1].candidates]


def test_only_one_of_all_who_ask_makes_the_picture(
    session: Session, here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[datetime] = []
    everything = board_drawing.everything

    def counted(*given: Any, **how: Any) -> Any:
        made.append(clock_now())
        return everything(*given, **how)

    monkeypatch.setattr(snapshot, "everything", counted)
    for _ in range(20):
        look(session, here, 1)
        look(session, here, 3)
    assert 1 <= len(made) <= 1 + (clock_now() - made[0]).total_seconds() / snapshot.FRESH


@pytest.mark.parametrize("gone", [False, True])
def test_an_act_shows_at_the_next_look(store: Flask, session: Session, here: Room, gone: bool) -> None:
    if gone:
        store.extensions["volatile"] = Volatile(Gone())
    assert {one.state for one in look(session, here, 1).candidates} == {"in_progress"}
    interventions.pause(session, here.actor, here.attempt_ids[0], "why", clock_now())
    session.commit()
    snapshot.forget_seat(session, here.session_id, 1)
    assert {one.state for one in look(session, here, 1).candidates} == {"in_progress", "paused"}
    assert look(session, here, snapshot.WHOLE).counts == {"in_progress": 3, "paused": 1}
    rooms.leave(session, here)
    snapshot.forget(here.session_id)
    staffing = look(session, here, 3).staffing
    assert (staffing.have, staffing.need, [one.name for one in staffing.gone]) == (0, 1, [here.proctor.name])
    for name in ("volatile", "presence", "gallery"):
        store.extensions.pop(name, None)
