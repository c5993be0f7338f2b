"""What tablets and heads of panels do over the API."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role, User
from app.models.registration import StaffAssignment
from tests.factories import people, practical
from tests.factories.evidence import WAV, picture
from tests.web.visits import visitor

Headers = dict[str, str]


class Someone:
    def __init__(self, app: Flask, session: Session, client: FlaskClient, user_id: int) -> None:
        self.client = client
        self.headers = people.bearer(app, session, session.get_one(User, user_id))

    def post(self, address: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        answer = self.client.post("/api/v1" + address, json=body, headers=self.headers)
        return answer.status_code, answer.json

    def get(self, address: str) -> Any:
        return self.client.get("/api/v1" + address, headers=self.headers)


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def panel(store: Flask, session: Session, client: FlaskClient) -> tuple[Someone, Someone, int, int, int]:
    exam, [first, second] = practical.open_practical(session)
    pair = (Someone(store, session, client, one.examiner_id) for one in (first, second))
    return *pair, first.sheet_id, second.sheet_id, exam.id  # type: ignore[return-value]


def entry(key: str, points: object, seq: int = 1, **more: object) -> dict[str, object]:
    return {"seq": seq, "stamp": seq, "kind": "points", "key": key, "points": points, **more}


def test_entries_answer_with_what_stands(panel: tuple[Someone, Someone, int, int, int]) -> None:
    first, second, sheet, *_ = panel
    body = {"device": str(uuid4()), "entries": [entry("J01", "5.5", made_at="2026-11-22T10:00:00+08:00")]}
    for _ in range(2):
        status, stands = first.post(f"/sheets/{sheet}/entries", body)
        assert (status, stands["marks"], stands["stamp"], stands["revision"]) == (200, {"J01": "5.5"}, 1, 1)
    assert second.post(f"/sheets/{sheet}/entries", body)[0] == 404
    assert first.post(f"/sheets/{sheet}/entries", {**body, "entries": []})[1]["digest"] == stands["digest"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"points": 99}, 422), ({"points": "NaN"}, 422), ({"seq": 0}, 422), ({"stamp": 10**9}, 422),
        ({"kind": "sign"}, 422), ({"made_at": "yesterday"}, 422), ({"key": "J99"}, 422), ({"surplus": 1}, 422),
    ],
)  # fmt: skip
def test_bad_entries_are_refused(
    panel: tuple[Someone, Someone, int, int, int], change: dict[str, object], status: int
) -> None:
    first, _, sheet, *_ = panel
    body = {"device": str(uuid4()), "entries": [{**entry("J01", 5), **change}]}
    answered, said = first.post(f"/sheets/{sheet}/entries", body)
    assert (answered, bool(said["error"]["message"])) == (status, True)
    assert first.post(f"/sheets/{sheet}/entries", {"device": str(uuid4()), "entries": []})[1]["marks"] == {}


def test_nobody_takes_the_servers_number(panel: tuple[Someone, Someone, int, int, int]) -> None:
    first, _, sheet, *_ = panel
    body = {"device": "00000000-0000-0000-0000-000000000000", "entries": []}
    assert first.post(f"/sheets/{sheet}/entries", body)[1]["error"]["code"] == "device_invalid"


def test_evidence_goes_in_and_comes_out(panel: tuple[Someone, Someone, int, int, int]) -> None:
    first, second, sheet, *_ = panel
    body = {"client_key": str(uuid4()), "criterion": "J02", "kind": "audio", "content": base64.b64encode(WAV).decode()}
    for _ in range(2):
        status, kept = first.post(f"/sheets/{sheet}/evidence", body)
        assert status == 200
    file = first.get(f"/evidence/{kept['id']}")
    assert (file.data, file.mimetype, file.headers["Content-Security-Policy"][:7]) == (WAV, "audio/wav", "sandbox")
    assert [one["id"] for one in first.get(f"/sheets/{sheet}/evidence").json["evidence"]] == [kept["id"]]
    for address in (f"/evidence/{kept['id']}", f"/sheets/{sheet}/evidence"):
        assert second.get(address).status_code == 404
    no_sound = {**body, "client_key": str(uuid4()), "content": base64.b64encode(picture()).decode()}
    status, said = first.post(f"/sheets/{sheet}/evidence", no_sound)
    assert (status, said["error"]["code"]) == (422, "evidence_no_audio")


def test_from_a_correction_to_the_signed_register(
    store: Flask, session: Session, client: FlaskClient, panel: tuple[Someone, Someone, int, int, int]
) -> None:
    first, second, one, other, exam = panel
    head = practical.examiner(session, session.get_one(StaffAssignment, 1).session)
    session.query(StaffAssignment).filter_by(user_id=head.id).update({"head": True})
    chief = Someone(store, session, client, head.id)
    registrar = Someone(store, session, client, people.user(session, Role.REGISTRAR).id)
    for examiner, sheet in ((first, one), (second, other)):
        criteria = examiner.get(f"/sheets/{sheet}").json["criteria"]
        marks = {criterion["id"]: criterion["points"] for criterion in criteria}
        client.put(f"/api/v1/sheets/{sheet}/marks", json={"marks": marks}, headers=examiner.headers)
        assert examiner.post(f"/sheets/{sheet}/sign")[0] == 200
    status, asked = first.post(f"/sheets/{one}/corrections", {"marks": {"J01": "5"}, "reason": "看错一行"})
    assert (status, asked["number"], asked["state"]) == (201, 2, "asked")
    assert registrar.post(f"/corrections/{asked['id']}/decide", {"agree": True})[0] == 409
    assert second.post(f"/corrections/{asked['id']}/decide", {"agree": True})[0] == 404
    assert chief.post(f"/corrections/{asked['id']}/decide", {"agree": True})[1]["state"] == "stands"
    assert [v["state"] for v in chief.get(f"/sheets/{one}/versions").json["versions"]] == ["replaced", "stands"]
    assert registrar.post(f"/sessions/{exam}/close")[0] == 200
    assert registrar.post(f"/sessions/{exam}/release")[1]["error"]["code"] == "register_unsigned"
    seen = chief.get(f"/sessions/{exam}/score-register").json
    assert not seen["signed"]
    assert second.get(f"/sessions/{exam}/score-register").status_code == 404
    assert registrar.post(f"/sessions/{exam}/score-register/sign", {"seen": seen["digest"]})[0] == 404
    assert chief.post(f"/sessions/{exam}/score-register/sign", {"seen": seen["digest"]})[1]["signed"]
    assert registrar.post(f"/sessions/{exam}/release")[0] == 200
