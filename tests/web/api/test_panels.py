"""The panel over HTTP: stations, turns, assigning by hand, changes of the day, a declared tie."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.practical import RubricSheet
from app.models.registration import Tie
from app.practical.panels import panels as use_cases
from app.registration.conflicts import declare_conflict
from tests.factories import panels as factory
from tests.factories import people, practical

STATIONS = [
    {"name": "A", "slots": ["call", "complaint", "sale"]},
    {"name": "B", "slots": ["chat", "ticket", "typing", "faults"], "places": 6},
]


@pytest.fixture
def registrar(store: Flask, session: Session) -> dict[str, str]:
    return people.bearer(store, session, people.user(session, Role.REGISTRAR))


@pytest.fixture
def http(store: Flask) -> FlaskClient:
    return store.test_client()


def test_from_stations_to_a_change_of_the_day(http: FlaskClient, session: Session, registrar: dict[str, str]) -> None:
    exam = practical.practical_session(session, candidates=2, examiners=3)
    session.commit()
    base = f"/api/v1/sessions/{exam.id}/panel"
    assert http.put(base + "/rules", json={"rest_minutes": 15}, headers=registrar).status_code == 200
    assert http.put(base + "/stations", json={"stations": STATIONS}, headers=registrar).status_code == 200
    assert http.post(f"/api/v1/sessions/{exam.id}/allocate", headers=registrar).status_code == 200
    shown = http.get(base, headers=registrar).get_json()
    assert [len(seat["turns"]) for seat in shown["seats"]] == [7, 7]
    assert shown["rules"]["rest_minutes"] == 15
    seat, station = shown["seats"][0], shown["stations"][0]
    gone = {"kind": "examiner_absent", "about": seat["first"], "reason": "ill"}
    changed = http.post(base + "/changes", json=gone, headers=registrar)
    assert changed.status_code == 200
    assert changed.get_json()["changed"] == len(changed.get_json()["lines"]) > 0
    out = {"kind": "station_out", "about": station["id"], "reason": "no light"}
    refused = http.post(base + "/changes", json=out, headers=registrar)
    assert refused.status_code == 409
    assert http.get(base + "/changes", headers=registrar).get_json()["changes"][0]["id"] == changed.get_json()["id"]


@pytest.mark.parametrize(
    "path, body, status",
    [
        ("/stations", {"stations": [{"name": "A", "slots": ["nothing"]}]}, 422),
        ("/stations", {"stations": [STATIONS[0], STATIONS[0]]}, 422),
        ("/stations", {"stations": [{"name": "A", "slots": ["chat"], "places": 0}]}, 422),
        ("/rules", {"people_at_once": 0}, 422),
        ("/rules", {"attend_minutes": "long"}, 422),
        ("/head", {"user": 2**62}, 422),
    ],
)
def test_what_cannot_be(
    http: FlaskClient, session: Session, registrar: dict[str, str], path: str, body: dict[str, object], status: int
) -> None:
    exam = practical.practical_session(session)
    session.commit()
    answer = http.put(f"/api/v1/sessions/{exam.id}/panel{path}", json=body, headers=registrar)
    assert answer.status_code == status


@pytest.mark.parametrize("kind", ["candidate_absent", "examiner_absent", "station_out", "conflict"])
def test_unknown_numbers_are_not_found(
    http: FlaskClient, session: Session, registrar: dict[str, str], kind: str
) -> None:
    exam = practical.practical_session(session)
    session.commit()
    body = {"kind": kind, "about": 2**62, "user": 2**62, "reason": "x"}
    assert http.post(f"/api/v1/sessions/{exam.id}/panel/changes", json=body, headers=registrar).status_code == 404
    missing = http.get(f"/api/v1/sessions/{2**62}/panel", headers=registrar)
    assert missing.status_code == 404


def test_a_tied_examiner_is_refused_by_name(http: FlaskClient, session: Session, registrar: dict[str, str]) -> None:
    exam = factory.with_stations(session, candidates=1, examiners=3)
    use_cases.allocate_session(session, practical.REGISTRAR, exam.id, exam.opens_at)
    duties = practical.duties(session, exam.id)
    seat = session.get_one(RubricSheet, duties[0].sheet_id).seat
    tied = next(place.user for place in exam.staff if place.user_id not in {one.examiner_id for one in duties})
    declare_conflict(session, practical.REGISTRAR, tied.id, seat.application.candidate_id, Tie.SCHOOL)
    session.commit()
    body = {"first": tied.id, "second": duties[0].examiner_id, "reason": "swap"}
    answer = http.put(f"/api/v1/sessions/{exam.id}/panel/seats/{seat.id}", json=body, headers=registrar)
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "assignment_tied"
    assert answer.get_json()["error"]["details"]["ties"] == ["school"]
    assert tied.name in answer.get_json()["error"]["message"]


def test_an_examiner_declares_a_tie(store: Flask, http: FlaskClient, session: Session) -> None:
    _, duties = practical.open_practical(session, candidates=1, examiners=3)
    sheet = session.get_one(RubricSheet, duties[0].sheet_id)
    own, path = people.bearer(store, session, sheet.examiner), f"/api/v1/sheets/{sheet.id}/conflict"
    assert http.post(path, json={"tie": "friend"}, headers=own).status_code == 422
    answer = http.post(path, json={"tie": "kin"}, headers=own)
    assert (answer.status_code, answer.json) == (200, {"replaced": True})
    assert http.get("/api/v1/sheets", headers=own).json == {"sheets": []}


def test_nobody_declares_a_tie_on_anothers_sheet(store: Flask, http: FlaskClient, session: Session) -> None:
    _, duties = practical.open_practical(session, candidates=1, examiners=3)
    other = people.bearer(store, session, people.user(session, Role.EXAMINER))
    path = f"/api/v1/sheets/{duties[0].sheet_id}/conflict"
    assert http.post(path, json={"tie": "kin"}, headers=other).status_code == 404


def test_a_third_examiner_and_another_one(http: FlaskClient, session: Session, registrar: dict[str, str]) -> None:
    exam, duties = practical.open_practical(session)
    seat = session.get_one(RubricSheet, duties[0].sheet_id).seat_id
    base = f"/api/v1/sessions/{exam.id}/panel"
    for duty, total in zip(duties, ("50", "75"), strict=True):
        practical.mark_and_sign(session, duty, total)
    late, other = practical.examiner(session, exam), practical.examiner(session, exam)
    session.commit()
    third = f"{base}/seats/{seat}/third"
    assert http.post(third, json={"examiner": duties[0].examiner_id}, headers=registrar).status_code == 409
    assert http.post(f"{base}/seats/4711/third", json={"examiner": late.id}, headers=registrar).status_code == 404
    made = http.post(third, json={"examiner": late.id}, headers=registrar)
    assert made.status_code == 200
    assert made.get_json()["examiner"] == late.id
    another = f"{base}/sheets/{made.get_json()['sheet']}/examiner"
    assert http.post(another, json={"examiner": other.id}, headers=registrar).status_code == 422
    again = http.post(another, json={"examiner": other.id, "reason": "突发疾病"}, headers=registrar)
    assert again.get_json()["examiner"] == other.id
    signed = f"{base}/sheets/{duties[0].sheet_id}/examiner"
    assert http.post(signed, json={"examiner": late.id, "reason": "x"}, headers=registrar).status_code == 409
