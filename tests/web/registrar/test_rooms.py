"""Rooms and tickets on the registrar's page, and the candidate's own ticket."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from app.core.db import db
from app.models.account import Role, User
from app.models.registration import Room, StaffAssignment
from tests.factories import people, rooms_of_session
from tests.factories.rooms_of_session import Divided
from tests.web.visits import token, visitor

Headers = dict[str, str]


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.test_request_context():
        found = rooms_of_session.divided(db.session(), candidates=3, opened=False)
        db.session.expunge_all()
        return found


@pytest.fixture
def registrar(store: Flask) -> Headers:
    with store.test_request_context():
        return people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))


@pytest.fixture
def visit(store: Flask) -> FlaskClient:
    return visitor(store)


def page(here: Divided) -> str:
    return f"/registrar/sessions/{here.session_id}"


def send(visit: FlaskClient, here: Divided, registrar: Headers, where: str, **form: str) -> str:
    form["csrf_token"] = token(visit, page(here), registrar)
    answer = visit.post(
        f"{page(here)}/{where}", data=form, headers={**registrar, "Referer": f"http://localhost{page(here)}"}
    )
    assert answer.status_code == 303, answer.text
    return visit.get(page(here), headers=registrar).text


def rooms_now(store: Flask) -> list[Room]:
    with store.app_context():
        return list(db.session.scalars(select(Room).order_by(Room.first_seat)))


def test_dividing_naming_and_staffing(store: Flask, visit: FlaskClient, here: Divided, registrar: Headers) -> None:
    shown = send(visit, here, registrar, "rooms", size="2", gated="on")
    first, second = rooms_now(store)
    assert (first.first_seat, first.last_seat, second.first_seat, second.last_seat) == (1, 1, 2, 3)
    assert first.gate_code not in shown
    send(visit, here, registrar, f"rooms/{first.id}", name="三楼机房", gate="none")
    assert (rooms_now(store)[0].name, rooms_now(store)[0].gate_code) == ("三楼机房", "")
    shown = send(visit, here, registrar, "staff/room", user=str(here.proctor.id), room=str(second.id))
    with store.app_context():
        assert db.session.scalars(select(StaffAssignment.room_id)).one() == second.id
    assert "三楼机房" in shown
    assert f"{here.proctor.name} · 考场 {second.name}" in shown
    send(visit, here, registrar, "rooms", size="0")
    assert rooms_now(store) == []


def test_who_watches_grows_with_the_rooms_and_not_with_their_square(
    store: Flask, visit: FlaskClient, registrar: Headers
) -> None:
    with store.test_request_context():
        many = rooms_of_session.divided(db.session(), candidates=6, size=1, proctors=6, opened=False)
    shown = visit.get(page(many), headers=registrar).text
    chosen = re.findall(r'<select id="watche[rd]" name="(user|room)">(.*?)</select>', shown)
    assert {name: options.count("<option") for name, options in chosen} == {"user": 6, "room": 7}
    assert shown.count('name="room"') == 1


def test_a_new_code_is_shown_once(visit: FlaskClient, here: Divided, registrar: Headers) -> None:
    shown = send(visit, here, registrar, "code", seat="1", reason="lost")
    assert here.holders[0].number in shown
    assert here.holders[0].code not in shown
    assert here.holders[0].number not in visit.get(page(here), headers=registrar).text


def test_all_tickets_in_one_file_and_of_one_room(
    store: Flask, visit: FlaskClient, here: Divided, registrar: Headers
) -> None:
    send(visit, here, registrar, "rooms", size="2")
    second = rooms_now(store)[1]
    everybody = visit.get(f"{page(here)}/tickets.pdf", headers=registrar)
    assert everybody.mimetype == "application/pdf"
    said = "".join(one.extract_text() for one in PdfReader(BytesIO(everybody.data)).pages)
    assert all(holder.code in said and holder.number in said for holder in here.holders)
    room = visit.get(f"{page(here)}/tickets.pdf?room={second.id}", headers=registrar)
    said = "".join(one.extract_text() for one in PdfReader(BytesIO(room.data)).pages)
    assert [holder.code in said for holder in here.holders] == [False, True, True]


def test_ones_own_ticket_and_nobody_elses(store: Flask, visit: FlaskClient, here: Divided) -> None:
    with store.test_request_context():
        mine = people.bearer(store, db.session(), db.session.get_one(User, here.holders[0].user_id))
    own = visit.get(f"/my/places/{here.holders[0].seat_id}/ticket.pdf", headers=mine)
    assert here.holders[0].code in PdfReader(BytesIO(own.data)).pages[0].extract_text()
    assert visit.get(f"/my/places/{here.holders[1].seat_id}/ticket.pdf", headers=mine).status_code == 404
