"""The registrar's pages of stations, timetable and the day."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, StaffAssignment, Tie
from app.models.stations import PanelChange, PracticalStation
from app.practical.panels import panels
from app.registration.conflicts import declare_conflict
from tests.factories import panels as factory
from tests.factories import practical
from tests.web.visits import token

Headers = dict[str, str]


def address_of(exam: ExamSession) -> str:
    return f"/registrar/sessions/{exam.id}/panel"


def planned(session: Session, **how: int) -> ExamSession:
    exam = factory.with_stations(session, **how)
    panels.allocate_session(session, practical.REGISTRAR, exam.id, clock_now())
    session.commit()
    return exam


def test_suggest_then_allocate_then_see_the_day(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = practical.practical_session(session, candidates=3, examiners=4)
    session.commit()
    address = address_of(exam)
    assert "本场次未设考位" in client.get(address + "/timetable", headers=registrar).text
    form = {"csrf_token": token(client, address + "/stations", registrar)}
    assert client.post(address + "/stations/suggested", data=form, headers=registrar).status_code == 303
    assert "尚未安排时间" in client.get(address + "/timetable", headers=registrar).text
    assert client.post(address + "/allocate", data=form, headers=registrar).status_code == 303
    for by in ("station", "examiner"):
        page = client.get(f"{address}/timetable?by={by}", headers=registrar).text
        assert "<svg" in page
    assert "没有与" in client.get(address + "/timetable?q=nobody", headers=registrar).text
    assert "考位1" in client.get(address, headers=registrar).text


def test_stations_keep_what_was_typed_when_refused(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = practical.practical_session(session)
    session.commit()
    address = address_of(exam) + "/stations"
    rules = {"attend": "120", "rest": "10", "gap": "2", "people": ""}
    form = {"csrf_token": token(client, address, registrar), **rules}
    typed = {**form, "name-1": "east", "slots-1": ["call", "chat"], "places-1": "1"}
    refused = client.post(address, data=typed, headers=registrar)
    assert refused.status_code == 422
    assert 'value="east"' in refused.text
    assert client.post(address, data={**typed, "slots-1": ["chat"], "rest": "x"}, headers=registrar).status_code == 422
    saved = client.post(address, data={**typed, "slots-1": ["chat"], "places-1": "7", "people": "9"}, headers=registrar)
    assert saved.status_code == 303
    station = session.scalars(select(PracticalStation).where(PracticalStation.session_id == exam.id)).one()
    assert (station.name, station.slots, station.places) == ("east", ["chat"], 7)
    assert 'value="9"' in client.get(address, headers=registrar).text


def test_an_impossible_day_says_what_would_help(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = factory.with_stations(session, candidates=3, examiners=1)
    session.commit()
    address = address_of(exam)
    form = {"csrf_token": token(client, address, registrar)}
    client.post(address + "/allocate", data=form, headers=registrar)
    page = client.get(address, headers=registrar).text
    assert "可行的办法" in page
    assert "增派 1 名考评员" in page


def test_no_show_in_one_press(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = planned(session)
    address = address_of(exam) + "/day"
    seat = session.scalar(select(Seat.id).where(Seat.session_id == exam.id))
    form = {"csrf_token": token(client, address, registrar), "what": f"candidate_absent:{seat}"}
    refused = client.post(address, data={**form, "reason": ""}, headers=registrar)
    assert refused.status_code == 422
    assert f'value="candidate_absent:{seat}" selected' in refused.text
    assert session.scalars(select(PanelChange)).all() == []
    assert client.post(address, data={**form, "reason": "未到场"}, headers=registrar).status_code == 303
    page = client.get(address, headers=registrar).text
    assert "考生缺考" in page
    assert "未到场" in page
    assert "缺考考生已到场" in page
    unknown = client.post(address, data={**form, "what": "nothing:1", "reason": "说明"}, headers=registrar)
    assert unknown.status_code == 422
    assert 'value="说明"' in unknown.text


def test_nobody_is_chosen_before_somebody_chooses(client: FlaskClient, session: Session, registrar: Headers) -> None:
    """A reason and a press alone must not make the first of the list absent."""
    exam = planned(session)
    address = address_of(exam) + "/day"
    page = client.get(address, headers=registrar).text
    for field in ("what", "tied", "user", "tie"):
        assert re.search(rf'<select id="{field}" name="\w+" required><option value="">', page), field
    form = {"csrf_token": token(client, address, registrar), "what": "", "user": "", "tie": "", "reason": "未到场"}
    assert client.post(address, data=form, headers=registrar).status_code == 422
    assert session.scalars(select(PanelChange)).all() == []


def test_a_tie_bars_by_hand_and_is_named(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = planned(session, candidates=1, examiners=4)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    held = set(session.scalars(select(RubricSheet.examiner_id).where(RubricSheet.seat_id == seat.id)))
    tied, free = (place.user_id for place in exam.staff if place.user_id not in held)
    declare_conflict(session, practical.REGISTRAR, tied, seat.application.candidate_id, Tie.TRAINER)
    session.commit()
    address = f"{address_of(exam)}/seats/{seat.id}"
    page = client.get(address, headers=registrar).text
    assert "disabled" in page
    form = {"csrf_token": token(client, address, registrar), "second": free, "reason": "对调"}
    assert client.post(address, data={**form, "first": tied}, headers=registrar).status_code == 409
    session.expire_all()
    assert set(session.scalars(select(RubricSheet.examiner_id).where(RubricSheet.seat_id == seat.id))) == held
    one = min(held)
    assert client.post(address, data={**form, "first": one}, headers=registrar).status_code == 303
    now = set(session.scalars(select(RubricSheet.examiner_id).where(RubricSheet.seat_id == seat.id)))
    assert now == {one, free}


def test_name_the_head(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = planned(session)
    form = {"csrf_token": token(client, address_of(exam), registrar), "user": exam.staff[1].user_id}
    assert client.post(address_of(exam) + "/head", data=form, headers=registrar).status_code == 303
    heads = session.scalars(select(StaffAssignment.user_id).where(StaffAssignment.head)).all()
    assert heads == [exam.staff[1].user_id]
