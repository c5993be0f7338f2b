"""The main job without a browser: commands and HTTP alone, as another program would do it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.models.account import User
from tests.factories import people, theory
from tests.web.visits import visitor

API = "/api/v1"
JSON = {"Accept": "application/json"}
Call = Callable[..., Any]
PICKED = {"truefalse": None, "single": ("B of",), "multiple": ("A of", "C of")}
"""How the options begin that theory.KEYS names; of a true/false item, `T`."""


def run(store: Flask, *words: str, status: int = 0) -> Any:
    """A command with --json: what it prints, or on refusal its error."""
    done = store.test_cli_runner().invoke(args=[*words, "--json"])
    assert done.exit_code == status, (words, done.output, done.exception)
    said = done.stdout or done.stderr
    return json.loads(said) if said else None


@pytest.fixture
def demonstration(store: Flask) -> dict[str, Any]:
    with store.app_context():
        theory.bank(db.session())
        db.session.commit()
    made = run(store, "demo", "create", "--scheme", theory.SCHEME, "--level", theory.LEVEL, "--candidates", "2")
    return dict(made)


@pytest.fixture
def anyone(store: Flask) -> FlaskClient:
    return visitor(store)


def logged_in(client: FlaskClient, account: Mapping[str, str]) -> Call:
    """A program of this person: method, path and body → status-checked answer."""
    given = {"username": account["username"], "password": account["password"]}
    token = client.post(f"{API}/tokens", json=given).get_json()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = client.open(API + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, (method, path, answer.text)
        return answer.get_json() if answer.is_json else answer.data

    return call


def right(item: Mapping[str, Any]) -> list[str]:
    beginnings = PICKED[item["type"]]
    if beginnings is None:
        return ["T"]
    return [option["id"] for option in item["options"] if option["text"].startswith(beginnings)]


def sit(candidate: Call, attempt: int) -> None:
    """All right, in two batches, the first of them sent twice, as after a lost answer."""
    begun = candidate("POST", f"/attempts/{attempt}/start")
    client, items = begun["client"], begun["paper"]["items"]
    changes = [
        {"seq": begun["next_seq"] + place, "position": item["position"], "answer": right(item)}
        for place, item in enumerate(items)
    ]
    half = len(changes) // 2
    for batch in (changes[:half], changes[:half], changes[half:]):
        saved = candidate("POST", f"/attempts/{attempt}/changes", {"client": client, "changes": batch})
        assert saved["acked"] >= batch[-1]["seq"]
    heartbeat = candidate("POST", f"/attempts/{attempt}/changes", {"client": client, "changes": []})
    assert (heartbeat["acked"], heartbeat["state"]) == (changes[-1]["seq"], "in_progress")
    final = candidate("POST", f"/attempts/{attempt}/submit", {"client": client})
    assert (final["answered"], final["state"]) == (len(items), "submitted")
    assert candidate("POST", f"/attempts/{attempt}/submit", {"client": client})["receipt"] == final["receipt"]
    late = {"client": client, "changes": changes[-1:]}
    assert candidate("POST", f"/attempts/{attempt}/changes", late, 409)["error"]["code"] == "attempt_closed"
    candidate("GET", f"/attempts/{attempt}/result", status=404)


def mark(examiner: Call, seat: int, begin: bool) -> dict[str, Any]:
    """Full points for everything but the first criterion; the sheet as it is once signed."""
    sheet = next(one for one in examiner("GET", "/sheets")["sheets"] if one["seat"] == seat)
    if begin:
        examiner("POST", f"/sheets/{sheet['id']}/begin")
    points = {one["id"]: one["points"] for one in sheet["criteria"]}
    first = sheet["criteria"][0]["id"]
    too_many = {"marks": {first: float(points[first]) + 1}}
    examiner("PUT", f"/sheets/{sheet['id']}/marks", too_many, 422)
    saved = examiner("PUT", f"/sheets/{sheet['id']}/marks", {"marks": {**points, first: 0}})
    assert (saved["missing"], float(saved["total"])) == ([], 100 - float(points[first]))
    if begin:
        examiner("POST", f"/sheets/{sheet['id']}/end")
    signed = dict(examiner("POST", f"/sheets/{sheet['id']}/sign"))
    assert signed["state"] == "signed"
    examiner("PUT", f"/sheets/{sheet['id']}/marks", {"marks": {first: 1}}, 409)
    return signed


def verified(anyone: FlaskClient, data: bytes) -> dict[str, Any]:
    sent = {"file": (BytesIO(data), "certificate.pdf")}
    return dict(anyone.post("/verify", data=sent, headers=JSON).get_json())


def test_from_a_demonstration_to_a_revoked_certificate(
    store: Flask, anyone: FlaskClient, demonstration: dict[str, Any], tmp_path: Path
) -> None:
    written, shown = demonstration["session"], demonstration["practical_session"]
    one, _absent = demonstration["candidates"]
    candidate, registrar = logged_in(anyone, one), logged_in(anyone, demonstration["registrar"])
    sit(candidate, one["attempt"])
    examiners = [logged_in(anyone, account) for account in demonstration["examiners"]]
    orders = [mark(examiner, seat=1, begin=not place)["outcome"] for place, examiner in enumerate(examiners)]
    assert orders[0] is None  # blind: nothing is disclosed before the second signature
    assert orders[1]["score"] is not None

    assert registrar("POST", f"/sessions/{written}/close")["state"] == "closed"
    assert registrar("POST", f"/sessions/{written}/release")["state"] == "released"
    assert run(store, "session", "close", str(shown))["state"] == "closed"
    assert run(store, "session", "release", str(shown))["state"] == "released"
    result = candidate("GET", f"/attempts/{one['attempt']}/result")
    assert (float(result["score"]), result["passed"]) == (100.0, True)

    report = registrar("POST", f"/sessions/{written}/certificates")
    assert (report["issued"], report["already"], report["refused"]) == (1, 0, 1)
    again = run(store, "certificate", "issue", "--session", str(shown))
    assert (again["issued"], again["already"], again["refused"]) == (0, 1, 1)
    serial = next(outcome["serial"] for outcome in report["outcomes"] if outcome["serial"])
    assert registrar("GET", f"/certificates/{serial}")["status"] == "valid"
    data = registrar("GET", f"/certificates/{serial}/pdf")
    check_everywhere(store, anyone, serial, data, tmp_path)

    revoked = run(store, "certificate", "revoke", serial, "--reason", "替考，经核实")
    assert revoked["status"] == "revoked"
    assert anyone.get(f"/verify/{serial}", headers=JSON).get_json()["status"] == "revoked"
    after = run(store, "certificate", "verify", str(tmp_path / "kept.pdf"), status=1)
    assert (after["intact"], after["trusted"], after["status"]) == (True, True, "revoked")
    run(store, "certificate", "revoke", serial, "--reason", "again", status=1)
    with store.app_context():
        assert run(store, "audit", "verify")["intact"]


def test_a_missed_critical_criterion_refuses_the_certificate_by_its_name(
    store: Flask, anyone: FlaskClient, demonstration: dict[str, Any]
) -> None:
    one = demonstration["candidates"][0]
    candidate, registrar = logged_in(anyone, one), logged_in(anyone, demonstration["registrar"])
    sit(candidate, one["attempt"])
    for place, account in enumerate(demonstration["examiners"]):
        examiner = logged_in(anyone, account)
        sheet = next(sheet for sheet in examiner("GET", "/sheets")["sheets"] if sheet["seat"] == 1)
        missed = next(line for line in sheet["criteria"] if line["critical"])
        points = {line["id"]: line["points"] for line in sheet["criteria"]}
        if not place:
            examiner("POST", f"/sheets/{sheet['id']}/begin")
        examiner("PUT", f"/sheets/{sheet['id']}/marks", {"marks": {**points, missed["id"]: 0}})
        signed = examiner("POST", f"/sheets/{sheet['id']}/sign")
    score = 100 - float(missed["points"])
    assert float(signed["outcome"]["score"]) == score > 60
    for session in (demonstration["session"], demonstration["practical_session"]):
        registrar("POST", f"/sessions/{session}/close")
        registrar("POST", f"/sessions/{session}/release")
    report = registrar("POST", f"/sessions/{demonstration['practical_session']}/certificates")
    assert report["issued"] == 0
    outcome = next(found for found in report["outcomes"] if found["seat"] == 1)
    assert [reason["code"] for reason in outcome["reasons"]] == ["practical_critical"]
    assert f"{missed['id']} {missed['name']}" in outcome["reasons"][0]["message"]
    with store.app_context():
        user = db.session.scalars(select(User).where(User.username == one["username"])).one()
        headers = people.bearer(store, db.session(), user)
    page = anyone.get("/results", headers=headers).text
    assert missed["name"] in page


def check_everywhere(store: Flask, anyone: FlaskClient, serial: str, data: bytes, folder: Path) -> None:
    """By number, by upload and on the command line alike; an altered file is told apart."""
    (folder / "kept.pdf").write_bytes(data)
    by_number = anyone.get(f"/verify/{serial}", headers=JSON).get_json()
    by_file = verified(anyone, data)
    by_command = run(store, "certificate", "verify", str(folder / "kept.pdf"))
    for found in (by_number, by_file, by_command):
        told = (found["intact"], found["trusted"], found["status"], found["serial"], found["level"])
        assert told == (True, True, "valid", serial, theory.LEVEL)
    altered = data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 1]) + data[len(data) // 3 + 1 :]
    assert verified(anyone, altered)["intact"] is False
    (folder / "altered.pdf").write_bytes(altered)
    assert run(store, "certificate", "verify", str(folder / "altered.pdf"), status=1)["intact"] is False
    assert verified(anyone, b"no pdf at all")["error"]["code"] == "not_a_pdf"
