"""Planning and running sessions on screen, with the staff that the ratios ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role
from app.models.registration import ExamSession, Site
from app.web.registrar import results, sessions
from tests.factories import applicants, people, practical, theory
from tests.web.visits import token

Headers = dict[str, str]


def window(hours: int = 4) -> dict[str, str]:
    opens = now() + timedelta(hours=9)
    return {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{opens + timedelta(hours=hours):%Y-%m-%dT%H:%M}"}


def test_a_site_and_a_session_are_planned(client: FlaskClient, session: Session, registrar: Headers) -> None:
    assert "尚无考点" in client.get("/registrar/sessions/new", headers=registrar).text
    place = {"name": "滨江考点", "capacity": "30", "has_network": "y", "has_monitoring": "y"}
    place["csrf_token"] = token(client, "/registrar/sites/new", registrar)
    assert client.post("/registrar/sites/new", data=place, headers=registrar).status_code == 303
    site = session.scalars(select(Site)).one()
    form = {"level": f"{applicants.SCHEME}/junior", "part": "practical", "site": site.id, **window()}
    form["csrf_token"] = token(client, "/registrar/sessions/new", registrar)
    assert client.post("/registrar/sessions/new", data=form, headers=registrar).status_code == 303
    row = session.scalars(select(ExamSession)).one()
    assert (row.part, row.level, row.site_id) == ("practical", "junior", site.id)


def test_too_short_a_window_keeps_what_was_typed(client: FlaskClient, session: Session, registrar: Headers) -> None:
    site = applicants.site(session)
    session.commit()
    form = {"level": f"{applicants.SCHEME}/junior", "part": "theory", "site": site.id, **window(hours=1)}
    form["csrf_token"] = token(client, "/registrar/sessions/new", registrar)
    answer = client.post("/registrar/sessions/new", data=form, headers=registrar)
    assert answer.status_code == 422
    assert "不得少于该科目时长 120 分钟" in answer.text
    assert str(form["opens_at"]) in answer.text


def test_from_roster_to_closing(client: FlaskClient, session: Session, registrar: Headers) -> None:
    theory.bank(session)
    exam = theory.theory_session(session, candidates=0, proctors=0)
    application, proctor = theory.application(session), people.user(session, Role.PROCTOR, name="许明远")
    session.commit()
    base = f"/registrar/sessions/{exam.id}"

    def press(path: str, **form: object) -> int:
        return client.post(base + path, data=form, headers=registrar).status_code

    assert press("/candidates", application=application.id) == 303
    assert press("/staff", user=proctor.id) == 303
    assert press("/prepare") == 303
    assert press("/open") == 409
    assert "到场人员不足" in client.get(base, headers=registrar).text
    assert press(f"/staff/{proctor.id}/present") == 303
    assert press("/open") == 303
    assert press("/close") == 303
    session.expire_all()
    assert exam.state == "closed"
    assert f"{base}/results" in client.get(base, headers=registrar).text


def test_who_does_not_fit_is_named_with_the_reason(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = theory.theory_session(session, candidates=0)
    waiting = applicants.submitted(session)
    session.commit()
    base = f"/registrar/sessions/{exam.id}"
    chosen = client.post(f"{base}/candidates", data={"application": waiting.id}, headers=registrar)
    assert chosen.status_code == 303
    session.expire_all()
    assert exam.seats == []


def test_a_seat_gets_extra_time_and_is_taken_back(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = theory.theory_session(session)
    session.commit()
    seat = exam.seats[0]
    address = f"/registrar/sessions/{exam.id}/seats/{seat.id}"
    form = {"minutes": "15", "reason": "医生证明", "csrf_token": token(client, f"{address}/extra-time", registrar)}
    assert client.post(f"{address}/extra-time", data=form, headers=registrar).status_code == 303
    assert client.post(f"{address}/extra-time", data={**form, "reason": ""}, headers=registrar).status_code == 422
    session.expire_all()
    assert exam.seats[0].extra_seconds == 900
    assert client.post(f"{address}/remove", headers=registrar).status_code == 303
    session.expire_all()
    assert exam.seats == []


@pytest.mark.parametrize("kind", ["theory", "practical"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_shows_in_both_languages(
    client: FlaskClient, session: Session, registrar: Headers, kind: str, language: str
) -> None:
    make = theory.theory_session if kind == "theory" else practical.practical_session
    exam = make(session)
    session.commit()
    headers = {**registrar, "Accept-Language": language}
    addresses = ["/registrar/", "/registrar/sessions", f"/registrar/sessions?part={kind}", "/registrar/sites",
                 "/registrar/sites/new", "/registrar/sessions/new", f"/registrar/sessions/{exam.id}"]  # fmt: skip
    assert {client.get(address, headers=headers).status_code for address in addresses} == {200}


def test_an_auditor_sees_no_buttons(client: FlaskClient, store: Flask, session: Session) -> None:
    exam = theory.theory_session(session)
    auditor = people.bearer(store, session, people.user(session, Role.AUDITOR))
    page = client.get(f"/registrar/sessions/{exam.id}", headers=auditor).text
    assert f"/registrar/sessions/{exam.id}/prepare" not in page
    for path in ("/prepare", "/open", "/close", "/staff", "/candidates"):
        assert client.post(f"/registrar/sessions/{exam.id}{path}", headers=auditor).status_code == 403


def test_all_that_are_listed_get_a_seat_at_once(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = theory.theory_session(session, candidates=0)
    for _ in range(12):
        theory.application(session)
    session.commit()
    address = f"/registrar/sessions/{exam.id}"
    assert "此处列出的全部 12 名考生" in client.get(address, headers=registrar).text
    assert client.post(f"{address}/candidates", data={"all": "y"}, headers=registrar).status_code == 303
    assert "此处列出的全部" not in client.get(address, headers=registrar).text
    session.expire_all()
    assert len(exam.seats) == 12


def test_a_long_list_of_candidates_has_pages(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = theory.theory_session(session, candidates=5)
    session.commit()
    for module in (sessions, results):
        monkeypatch.setattr(module, "SEATS" if module is sessions else "PAGE", 2)
    for address in (f"/registrar/sessions/{exam.id}", f"/registrar/sessions/{exam.id}/results"):
        first, last = (client.get(f"{address}?page={page}", headers=registrar).text for page in (1, 3))
        assert "第 1 页，共 3 页" in first
        assert f">{exam.seats[0].application.candidate.name}<" in first
        assert f">{exam.seats[4].application.candidate.name}<" not in first
        assert f">{exam.seats[4].application.candidate.name}<" in last
