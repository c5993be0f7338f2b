"""Rating one's own practical, or another's, on a small page of one's own."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role, User
from app.models.practical import RubricSheet, SheetState
from app.models.registration import Seat
from tests.factories import people, practical, sheet_forms
from tests.web.visits import token, visitor


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def test_a_candidate_rates_their_own_practical(client: FlaskClient, session: Session, store: Flask) -> None:
    sheet_forms.in_force(session)
    exam, _ = practical.open_practical(session)
    sheet = session.scalars(select(RubricSheet).where(RubricSheet.rater_group == "self")).one()
    headers = people.bearer(store, session, session.get_one(User, sheet.examiner_id))
    address = f"/rate/{sheet.id}"
    assert address in client.get("/rate/", headers=headers).text
    page = client.get(address, headers=headers).text
    assert "无故缺席" in page
    fields = {f"points-{one.id}": str(one.points) for one in sheet_forms.RUBRIC.criteria}
    form = {**fields, "points-D01": "9", "note-J01": "尚可", "csrf_token": token(client, address, headers)}
    refused = client.post(address, data={**form, "sign": "y"}, headers=headers)
    assert (refused.status_code, "尚可" in refused.text, 'value="9"' in refused.text) == (422, True, True)
    assert client.post(address, data={**form, "points-D01": "2"}, headers=headers).status_code == 303
    assert client.post(address, data={**form, "points-D01": "2", "sign": "y"}, headers=headers).status_code == 303
    session.expire_all()
    kept = session.get_one(RubricSheet, sheet.id)
    assert (kept.state, kept.total) == (SheetState.SIGNED, 98)
    assert session.scalars(select(Seat).where(Seat.session_id == exam.id)).one().practical_started_at is None


def test_anothers_rating_is_not_there(client: FlaskClient, session: Session, store: Flask) -> None:
    sheet_forms.in_force(session)
    practical.open_practical(session)
    own = session.scalars(select(RubricSheet).where(RubricSheet.rater_group == "self")).one()
    examining = session.scalars(select(RubricSheet).where(RubricSheet.order == "first")).one()
    stranger = people.bearer(store, session, people.user(session, Role.CANDIDATE))
    examiner = people.bearer(store, session, session.get_one(User, examining.examiner_id))
    for headers, sheet in ((stranger, own), (examiner, own), (examiner, examining)):
        assert client.get(f"/rate/{sheet.id}", headers=headers).status_code == 404
        assert client.post(f"/rate/{sheet.id}", data={}, headers=headers).status_code == 404


def test_a_registrar_names_raters_for_every_seat(client: FlaskClient, session: Session, store: Flask) -> None:
    sheet_forms.in_force(session)
    exam, _ = practical.open_practical(session, candidates=2)
    mate = people.user(session, Role.CANDIDATE)
    registrar = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    address = f"/registrar/sessions/{exam.id}/raters"
    form = {"seat": "0", "group": "group", "username": "nobody", "csrf_token": token(client, address, registrar)}
    refused = client.post(address, data=form, headers=registrar)
    assert (refused.status_code, 'value="nobody"' in refused.text) == (422, True)
    assert client.post(address, data={**form, "username": mate.username}, headers=registrar).status_code == 303
    made = session.scalars(select(RubricSheet).where(RubricSheet.examiner_id == mate.id)).all()
    assert [sheet.order for sheet in made] == ["group-1", "group-1"]
    assert client.post(f"{address}/sheets/{made[0].id}/remove", data=form, headers=registrar).status_code == 303
    seat, api = made[1].seat_id, f"/api/v1/sessions/{exam.id}/raters"
    again = client.post(api, json={"seat": seat, "group": "group", "username": mate.username}, headers=registrar)
    assert again.json["sheet"] == made[1].id
    assert client.delete(f"{api}/{made[1].id}", headers=registrar).status_code == 204
    assert client.delete(f"{api}/{made[1].id}", headers=registrar).status_code == 404
