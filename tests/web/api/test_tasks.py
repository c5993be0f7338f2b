"""The task bank and the drawn tasks over HTTP."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.tasks import SeatTask
from question_bank.tasks.files import pack
from tests.factories import people, practical, tasks
from tests.web.visits import visitor

API = "/api/v1"


class Caller:
    def __init__(self, app: Flask, session: Session, role: Role) -> None:
        self.client, self.headers = visitor(app), people.bearer(app, session, people.user(session, role))

    def __call__(self, method: str, path: str, expected: int = 200, **body: Any) -> Any:
        answer = self.client.open(API + path, method=method, headers=self.headers, json=body or None)
        assert answer.status_code == expected, answer.text
        return answer.json


@pytest.fixture
def author(store: Flask, session: Session) -> Caller:
    return Caller(store, session, Role.AUTHOR)


@pytest.fixture
def reviewer(store: Flask, session: Session) -> Caller:
    return Caller(store, session, Role.REVIEWER)


@pytest.fixture
def registrar(store: Flask, session: Session) -> Caller:
    return Caller(store, session, Role.REGISTRAR)


def sounds() -> list[dict[str, str]]:
    return [{"name": "ticket.wav", "content": base64.b64encode(tasks.sound()).decode()}]


def test_a_task_from_its_text_into_use(author: Caller, reviewer: Caller) -> None:
    made = author("POST", "/tasks", 201, text=tasks.text("ticket"), sounds=sounds())
    (row,) = author("GET", "/tasks?kind=ticket&state=draft")["tasks"]
    path, seen = f"/tasks/{row['id']}", {"version": made["version"], "edition": made["edition"]}
    saved = author("PUT", f"{path}/draft", text=tasks.text("ticket", title="改"), **seen)
    author("PUT", f"{path}/draft", 409, text=tasks.text("ticket"), **seen)
    seen["edition"] = saved["edition"]
    author("POST", f"{path}/submit", **seen)
    author("POST", f"{path}/approve", 403, **seen)
    reviewer("POST", f"{path}/approve", **seen)
    assert reviewer("POST", f"{path}/put-in-use", **seen)["state"] == "in_use"
    author("POST", f"{path}/revise", 201)
    reviewer("POST", f"{path}/retire", reason="泄露")
    found = author("GET", path)
    assert [one["state"] for one in found["versions"]] == ["draft", "in_use"]
    assert found["history"][0]["tag"] == "task:retired"


def test_what_is_wrong_with_a_text_is_told_line_by_line(author: Caller) -> None:
    told = author("POST", "/tasks", 422, text=tasks.text().replace("told: if_asked", "told: never"))["error"]
    assert told["code"] == "task_invalid"
    assert {one["field"] for one in told["details"]["problems"]} >= {"role.facts[1].told"}


def test_packages_in_and_out(author: Caller, session: Session) -> None:
    tasks.in_use(session, ("call", "ticket"))
    session.commit()
    made = author("POST", "/tasks/export", kind="ticket")
    assert made["tasks"] == 1
    told = author("POST", "/tasks/import", name="a.zip", content=made["content"])
    assert (told["tasks"], told["unchanged"]) == (1, 1)
    package = base64.b64encode(pack(tasks.found(tasks.task("chat")).tasks)).decode()
    assert author("POST", "/tasks/import", name="a.zip", content=package, dry_run=True)["new"] == 1
    assert author("GET", "/tasks?kind=chat")["total"] == 0
    author("POST", "/tasks/import", 422, name="a.zip", content=base64.b64encode(b"PK").decode())


def test_a_registrar_draws_and_draws_anew(registrar: Caller, session: Session) -> None:
    tasks.in_use(session, ("call", "sale"), ("express", "health"))
    sitting = practical.practical_session(session, candidates=2)
    session.commit()
    path = f"/sessions/{sitting.id}/tasks"
    found = registrar("POST", f"{path}/draw")
    assert found == registrar("GET", path)
    assert [len(one["tasks"]) for one in found["seats"]] == [2, 2]
    assert "chat" in found["lacking"]
    seat, held = found["seats"][0]["seat_id"], found["seats"][0]["tasks"][0]
    made = registrar("POST", f"{path}/redraw", seat_id=seat, slot=held["slot"], reason="泄露")
    assert made["task"] != held["task"]
    registrar("POST", f"{path}/redraw", 404, seat_id=seat + 99, slot=held["slot"], reason="泄露")
    assert session.query(SeatTask).count() == 4
