"""What watches see of signals and pictures, and who may decide."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.integrity import Capture, CaptureConsent
from proctoring import captures, signal_log
from proctoring.signal_log import Noticed
from proctoring.signals import Kind
from tests.factories import integrity, people, rooms
from tests.factories.rooms import Room
from tests.web.visits import token, visitor

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def room(session: Session) -> Room:
    """Two candidates at work; the first pasted something and has pictures."""
    made = rooms.room(session)
    integrity.agreed(session, made.session_id, camera=True, lockdown="required")
    attempt = session.get_one(Attempt, made.attempt_ids[0])
    signal_log.keep(session, attempt.user_id, attempt.id, [Noticed(uuid4(), Kind.PASTE, clock_now(), None, 321)])
    for _ in range(2):
        captures.keep(session, attempt.id, "camera", integrity.picture(), clock_now())
    session.commit()
    return made


def looks(session: Session) -> list[str]:
    session.rollback()
    query = select(AuditLine.tag).where(AuditLine.tag.in_(("capture:sheet_seen", "capture:seen")))
    return list(session.scalars(query.order_by(AuditLine.id)))


def test_each_signal_stands_beside_what_it_does_not_prove(
    app: Flask, session: Session, client: FlaskClient, room: Room
) -> None:
    proctor = {**people.bearer(app, session, room.proctor), **ENGLISH}
    everybody = client.get(f"/rooms/{room.session_id}/signals", headers=proctor).text
    assert "Pasted something" in everybody
    one = client.get(f"/rooms/{room.session_id}/seats/1/signals", headers=proctor).text
    assert "321 characters" in one
    assert "own sentence within an answer is pasting too." in one
    other = client.get(f"/rooms/{room.session_id}/seats/2/signals", headers=proctor).text
    assert "Nothing was noticed." in other


def test_registrars_see_them_with_the_results(app: Flask, session: Session, client: FlaskClient, room: Room) -> None:
    registrar = people.bearer(app, session, people.user(session, Role.REGISTRAR))
    page = client.get(f"/registrar/sessions/{room.session_id}/results", headers=registrar).text
    assert f'href="/rooms/{room.session_id}/signals"' in page
    assert client.get(f"/rooms/{room.session_id}/seats/1/signals", headers=registrar).status_code == 200


def test_a_proctor_of_another_session_sees_nothing(
    app: Flask, session: Session, client: FlaskClient, room: Room
) -> None:
    stranger = people.bearer(app, session, rooms.room(session).proctor)
    picture = session.scalars(select(Capture.id)).first()
    for path in ("signals", "seats/1/signals", "seats/1/pictures"):
        assert client.get(f"/rooms/{room.session_id}/{path}", headers=stranger).status_code == 404
    assert client.get(f"/rooms/pictures/{picture}", headers=stranger).status_code == 404
    assert looks(session) == []


def test_a_look_at_the_sheet_is_one_line_and_a_look_without_it_another(
    app: Flask, session: Session, client: FlaskClient, room: Room
) -> None:
    proctor = people.bearer(app, session, room.proctor)
    page = client.get(f"/rooms/{room.session_id}/seats/1/pictures", headers=proctor).text
    address = "/rooms/pictures/" + page.split('img src="/rooms/pictures/')[1].split('"')[0].replace("&amp;", "&")
    shown = client.get(address, headers=proctor)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert looks(session) == ["capture:sheet_seen"]
    other = people.bearer(app, session, people.user(session, Role.REGISTRAR))
    for asked, who in ((address.split("?")[0], proctor), (address, other), (f"{address}x", proctor)):
        assert client.get(asked, headers=who).status_code == 200
    assert looks(session) == ["capture:sheet_seen"] + ["capture:seen"] * 3


def test_a_refusal_waits_for_the_proctor(app: Flask, session: Session, client: FlaskClient) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, camera=True)
    attempt = session.get_one(Attempt, room.attempt_ids[0])
    captures.answer(session, Actor(attempt.user_id, "candidate"), attempt.id, given=False, now=clock_now())
    session.commit()
    proctor = people.bearer(app, session, room.proctor)
    path = f"/rooms/{room.session_id}/seats/1"
    form = {"csrf_token": token(client, f"{path}/signals", proctor), "reason": "sits in the first row"}
    assert client.post(f"{path}/sit_without", headers=proctor, data={**form, "reason": ""}).status_code == 422
    assert client.post(f"{path}/sit_without", headers=proctor, data=form).status_code == 303
    session.expire_all()
    assert session.get_one(CaptureConsent, attempt.id).reason == "sits in the first row"
    rooms.leave(session, room)
    assert client.post(f"{path}/waive", headers=proctor, data=form).status_code == 409


def test_the_worker_removes_what_is_due(
    app: Flask, session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import worker
    from app.models.registration import ExamSession

    monkeypatch.setattr(worker, "_pictures_again", [0.0])
    session.get_one(ExamSession, room.session_id).released_at = clock_now().replace(year=2020)
    session.commit()
    assert worker.remove_pictures() == 2
    assert worker.remove_pictures() == 0
    session.rollback()
    assert session.scalars(select(Capture)).all() == []
