"""Planning and running sessions as programs do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role
from tests.factories import applicants, people, practical, theory
from tests.web.visits import visitor


class Program:
    def __init__(self, app: Flask, session: Session, role: Role = Role.REGISTRAR) -> None:
        self.client: FlaskClient = visitor(app)
        self.headers = people.bearer(app, session, people.user(session, role))

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        return answer.status_code, answer.json

    def post(self, path: str, body: object = None) -> tuple[int, Any]:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=self.headers)
        return answer.status_code, answer.json


@pytest.fixture
def registrar(store: Flask, session: Session) -> Program:
    return Program(store, session)


def plan(site: int, part: str = "theory", hours: int = 4) -> dict[str, object]:
    opens = now() + timedelta(hours=1)
    closes = opens + timedelta(hours=hours)
    times = {"opens_at": opens.isoformat(), "closes_at": closes.isoformat()}
    return {"scheme": applicants.SCHEME, "level": "初级", "part": part, "site": site, **times}


def test_a_theory_session_from_plan_to_release(registrar: Program, session: Session) -> None:
    theory.bank(session)
    proctor, application = people.user(session, Role.PROCTOR), applicants.admitted(session)
    session.commit()
    facts = {"name": "滨江考点", "capacity": 5, "has_network": True, "has_monitoring": True}
    status, site = registrar.post("/sites", facts)
    assert status == 201
    status, made = registrar.post("/sessions", plan(site["id"]))
    assert (status, made["state"], made["level"], made["minutes"]) == (201, "planned", "junior", 120)
    path = f"/sessions/{made['id']}"
    assert registrar.post(f"{path}/candidates", {"applications": [application.id]})[1]["candidates"] == 1
    assert registrar.post(f"{path}/prepare")[1]["attempts"] == {"prepared": 1}
    status, refused = registrar.post(f"{path}/open")
    assert (status, refused["error"]["code"]) == (409, "understaffed")
    assert refused["error"]["details"] == {"role": "proctor", "have": 0, "need": 1, "candidates": 1}
    staff = {"user": proctor.id, "role": "proctor"}
    assert registrar.post(f"{path}/staff", staff)[1]["staff"][0]["present"] is False
    by_name = {**staff, "user": proctor.username, "present": True}
    assert registrar.post(f"{path}/staff", {**by_name, "user": "nobody"})[1]["error"]["code"] == "user_unknown"
    assert registrar.post(f"{path}/staff", by_name)[1]["staffing"]["have"] == 1
    assert registrar.post(f"{path}/open")[1]["state"] == "open"
    assert registrar.post(f"{path}/close")[1]["state"] == "closed"
    assert registrar.post(f"{path}/release")[1]["state"] == "released"
    assert registrar.get(path)[1]["state"] == "released"


def test_a_practical_is_allocated_and_opened(registrar: Program, session: Session) -> None:
    exam = practical.practical_session(session, candidates=2, examiners=2)
    session.commit()
    assert registrar.post(f"/sessions/{exam.id}/allocate")[1]["sheets"] == {"open": 4}
    assert registrar.post(f"/sessions/{exam.id}/open")[1]["state"] == "open"


def test_a_theory_session_has_no_examiners_to_allocate(registrar: Program, session: Session) -> None:
    exam = theory.theory_session(session)
    session.commit()
    status, refused = registrar.post(f"/sessions/{exam.id}/allocate")
    assert (status, refused["error"]["code"]) == (409, "session_not_practical")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scheme": "nonsense"}, "unknown_scheme"),
        ({"level": "nonsense"}, "unknown_level"),
        ({"part": "oral"}, "body_invalid"),
        ({"site": 4711}, "site_unknown"),
        ({"opens_at": "2026-11-21T09:00:00"}, "body_invalid"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "window_over"),
        ({"opens_at": "9999-12-31T00:00:00Z", "closes_at": "9999-12-31T23:59:59-12:00"}, "window_too_far"),
        ({"minutes": 5}, "body_invalid"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    registrar: Program, session: Session, change: dict[str, object], code: str
) -> None:
    site = applicants.site(session)
    session.commit()
    status, refused = registrar.post("/sessions", {**plan(site.id), **change})
    assert 400 <= status < 500
    assert refused["error"]["code"] == code


def test_unfit_candidates_are_all_named(registrar: Program, session: Session) -> None:
    exam, waiting = theory.theory_session(session, candidates=0), applicants.submitted(session)
    session.commit()
    status, refused = registrar.post(f"/sessions/{exam.id}/candidates", {"applications": [waiting.id, 4711]})
    assert (status, refused["error"]["code"]) == (409, "candidates_unfit")
    problems = refused["error"]["details"]["problems"]
    assert [one["code"] for one in problems] == ["not_admitted", "application_unknown"]
    assert not any(one["reason"].isascii() for one in problems)


def test_what_a_site_lacks_is_named_in_words(registrar: Program, session: Session) -> None:
    bare = applicants.site(session)
    bare.has_monitoring = False
    session.commit()
    status, refused = registrar.post("/sessions", plan(bare.id, "practical"))
    assert (status, refused["error"]["details"]) == (409, {"missing": ["monitoring"]})
    assert "monitoring" not in refused["error"]["message"]


def test_sessions_are_listed_and_filtered(registrar: Program, session: Session) -> None:
    theory.theory_session(session)
    exam = practical.practical_session(session)
    session.commit()
    found = registrar.get("/sessions?part=practical&state=planned")[1]["sessions"]
    assert [one["id"] for one in found] == [exam.id]
    assert registrar.get("/sessions?state=nonsense")[0] == 422
    assert registrar.get("/sessions/4711")[0] == 404


def test_applications_are_read_and_decided(registrar: Program, session: Session) -> None:
    row, other = applicants.submitted(session), applicants.submitted(session)
    session.commit()
    listed = registrar.get("/applications?status=submitted")[1]
    assert listed["total"] == 2
    path = f"/applications/{row.id}"
    assert registrar.get(path)[1]["reasons_against"] == []
    assert registrar.post(f"{path}/admit", {})[1]["status"] == "admitted"
    assert registrar.post(f"{path}/admit", {})[0] == 409
    assert registrar.post(f"/applications/{other.id}/refuse", {})[0] == 422
    assert registrar.post(f"/applications/{other.id}/refuse", {"reason": "照片不清晰"})[1]["status"] == "refused"


def test_reasons_are_told_in_words(registrar: Program, session: Session) -> None:
    row = applicants.submitted(session)
    row.training_hours = 1
    session.commit()
    (reason,) = registrar.get(f"/applications/{row.id}")[1]["reasons_against"]
    assert reason["code"] == "training_hours_short"
    assert "48" in reason["message"]
    status, refused = registrar.post(f"/applications/{row.id}/admit", {})
    assert (status, refused["error"]["code"]) == (422, "not_eligible")


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PROCTOR, Role.EXAMINER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_registrars_plan(store: Flask, session: Session, role: Role) -> None:
    exam = theory.theory_session(session)
    program = Program(store, session, role)
    for path in ("open", "close", "prepare", "allocate", "release"):
        assert program.post(f"/sessions/{exam.id}/{path}")[0] == 403
    assert program.post("/sites", {})[0] == 403
