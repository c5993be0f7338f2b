"""The terms of integrity at the registrar's page, in the API and on the command line."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from proctoring import seb_file, terms
from proctoring.terms import Terms
from tests.factories import people, rooms, theory
from tests.web.visits import token, visitor

FORM = {"signals": ["focus", "paste"], "lockdown": "required", "capture_seconds": "60", "keep_days": "10",
        "camera": "y", "purpose": "To see who sits there."}  # fmt: skip


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def post(client: FlaskClient, session_id: int, headers: dict[str, str], **form: Any) -> Any:
    path = f"/registrar/sessions/{session_id}/integrity"
    return client.post(path, headers=headers, data={**FORM, **form, "csrf_token": token(client, path, headers)})


def now_in_force(session: Session, session_id: int) -> Terms:
    session.rollback()
    return terms.terms_of(session, session_id)


def test_a_registrar_sets_the_terms_and_hands_out_the_file(app: Flask, session: Session, client: FlaskClient) -> None:
    registrar, exam = people.bearer(app, session, people.user(session, Role.REGISTRAR)), theory.theory_session(session)
    session.commit()
    own = seb_file.written({"startURL": "https://own.example"})
    done = post(client, exam.id, registrar, quit_password="geheim", config=(BytesIO(own), "own.seb"))
    assert done.status_code == 303, done.text
    found = now_in_force(session, exam.id)
    assert (found.signals, found.pictures, found.capture_seconds) == (("focus", "paste"), ("camera",), 60)
    assert found.extra_keys == (seb_file.key_of_file(own),)
    page = client.get(f"/registrar/sessions/{exam.id}/integrity", headers=registrar).text
    assert found.config_key in page
    file = client.get(f"/registrar/sessions/{exam.id}/session.seb", headers=registrar)
    assert seb_file.key_of_file(file.data) == found.config_key
    assert f"session={exam.id}".encode() in file.data
    post(client, exam.id, registrar)
    assert now_in_force(session, exam.id).quit_hash == found.quit_hash
    post(client, exam.id, registrar, no_quit_password="y")
    assert now_in_force(session, exam.id).quit_hash == ""


@pytest.mark.parametrize(
    "form, said",
    [
        ({"purpose": ""}, "Say what the pictures are for"),
        ({"capture_seconds": "5"}, "Enter a figure from 20 to 1800."),
        ({"lockdown": "maybe"}, "Not a valid choice"),
        ({"signals": ["takeover"]}, None),
        ({"extra_keys": "abc"}, "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    app: Flask, session: Session, client: FlaskClient, form: dict[str, Any], said: str | None
) -> None:
    registrar, exam = people.bearer(app, session, people.user(session, Role.REGISTRAR)), theory.theory_session(session)
    session.commit()
    answer = post(client, exam.id, {**registrar, "Accept-Language": "en"}, **form)
    assert answer.status_code == 422
    assert said is None or said in answer.text
    assert now_in_force(session, exam.id) == Terms()


def test_a_bad_file_is_refused(app: Flask, session: Session, client: FlaskClient) -> None:
    registrar, exam = people.bearer(app, session, people.user(session, Role.REGISTRAR)), theory.theory_session(session)
    session.commit()
    answer = post(client, exam.id, registrar, config=(BytesIO(b"pswd encrypted"), "x.seb"))
    assert answer.status_code == 422


def test_an_auditor_reads_and_changes_nothing(app: Flask, session: Session, client: FlaskClient) -> None:
    auditor, exam = people.bearer(app, session, people.user(session, Role.AUDITOR)), theory.theory_session(session)
    session.commit()
    page = client.get(f"/registrar/sessions/{exam.id}/integrity", headers=auditor)
    assert page.status_code == 200
    assert post(client, exam.id, auditor).status_code == 403


def test_once_the_doors_are_open_only_the_browser_can_change(app: Flask, session: Session, client: FlaskClient) -> None:
    registrar, room = people.bearer(app, session, people.user(session, Role.REGISTRAR)), rooms.room(session)
    assert post(client, room.session_id, registrar, lockdown="allowed").status_code == 303
    found = now_in_force(session, room.session_id)
    assert (found.lockdown, found.pictures, found.signals) == ("allowed", (), Terms().signals)


def test_the_api_shows_and_changes_them(app: Flask, session: Session, client: FlaskClient) -> None:
    registrar, exam = people.bearer(app, session, people.user(session, Role.REGISTRAR)), theory.theory_session(session)
    session.commit()
    path = f"/api/v1/sessions/{exam.id}/integrity"
    assert client.get(path, headers=registrar).json["lockdown"] == "off"
    made = client.put(path, headers=registrar, json={"lockdown": "required", "signals": ["focus"]})
    assert made.status_code == 200, made.text
    assert made.json == client.get(path, headers=registrar).json
    assert made.json["config_link"] == made.json["config_url"].replace("http", "seb", 1)
    file = client.get(made.json["config_url"].removeprefix(app.extensions["settings"].public_url))
    assert seb_file.key_of_file(file.data) == made.json["config_key"]
    assert client.put(path, headers=registrar, json={"camera": True}).status_code == 422
    practical = theory.theory_session(session)
    practical.part = "practical"
    session.commit()
    assert client.get(f"/api/v1/sessions/{practical.id}/integrity", headers=registrar).status_code == 404


def test_the_command_line_shows_terms_and_writes_the_file(
    app: Flask, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    registrar, exam = people.bearer(app, session, people.user(session, Role.REGISTRAR)), theory.theory_session(session)
    session.commit()
    client.put(f"/api/v1/sessions/{exam.id}/integrity", headers=registrar, json={"lockdown": "required"})
    runner, file = app.test_cli_runner(), tmp_path / "exam.seb"
    shown = json.loads(runner.invoke(args=["integrity", "show", str(exam.id), "--json"]).stdout)
    written = runner.invoke(args=["integrity", "config", str(exam.id), "--output", str(file), "--json"])
    computed = runner.invoke(args=["integrity", "key", str(file), "--json"])
    assert json.loads(written.stdout)["config_key"] == json.loads(computed.stdout)["config_key"] == shown["config_key"]
    file.write_bytes(b"pswd")
    assert runner.invoke(args=["integrity", "key", str(file)]).exit_code == 1
