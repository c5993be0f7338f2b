"""A candidate's way from the wrong password to a broken request leaves nobody's name and no answer in the log."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import logs
from app.core.db import db
from app.delivery import showing
from app.models.account import User
from tests.factories import people, theory

TYPED = "一个很私人的答案"
NAME, USERNAME = "欧阳静", "ouyang-jing-1949"
NUMBER = "11010519491231002X"


def test_the_log_tells_the_way_and_not_the_person(
    store: Flask,
    client: FlaskClient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with store.app_context():  # left again: what Flask keeps of a request must not be shared by them all
        session = db.session()
        sitting = theory.open_sitting(session)[0]
        person = session.get_one(User, sitting.user_id)
        person.name, person.username = NAME, USERNAME
        session.commit()
    logs.configure("debug")
    capsys.readouterr()

    client.post("/login", data={"username": USERNAME, "password": NUMBER})
    client.get(f"/bank/items/{TYPED}?q={TYPED}")
    given = {"username": USERNAME, "password": people.PASSWORD}
    token = client.post("/api/v1/tokens", json=given).get_json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    started = client.post(f"/api/v1/attempts/{sitting.attempt_id}/start", headers=headers, json={}).get_json()
    path = f"/api/v1/attempts/{sitting.attempt_id}/changes"
    for answer in (["A"], [TYPED], [NUMBER]):
        change = {"seq": 1, "position": 1, "answer": answer}
        client.post(path, headers=headers, json={"client": started["client"], "changes": [change]})
    client.post(path, headers=headers, data=TYPED)

    def broken(*_: object) -> None:
        raise ValueError(f"cannot read {TYPED} of {NAME}")

    client.post(f"/api/v1/attempts/{sitting.attempt_id}/submit", headers=headers, json={"client": started["client"]})
    monkeypatch.setattr(showing, "own_attempts", broken)
    client.get("/api/v1/attempts", headers=headers)

    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    routes = {line.get("route") for line in lines}
    assert {"/login", "/api/v1/tokens", "/api/v1/attempts/<id:attempt_id>/start"} <= routes
    assert any(line["event"] == "fault" and line["error"] == {"kind": "ValueError"} for line in lines)
    assert all(line["request"] for line in lines)
    for secret in (NAME, USERNAME, TYPED, NUMBER, people.PASSWORD, token, "127.0.0.1"):
        assert secret not in said
