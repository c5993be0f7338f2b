"""The pages and the API of agreement: who sees them, what they show, and what they hand out."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role, User
from app.models.registration import ExamSession, Seat
from app.practical.panels import panels
from app.web.examiner.agreement_tables import safe
from tests.factories import agreeing as factory
from tests.factories import people, practical
from tests.web.visits import token, visitor

Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def bearer(store: Flask, session: Session, role: Role) -> Headers:
    return people.bearer(store, session, people.user(session, role))


def wavering(seat: int, who: int) -> float:
    return 72 + seat % 6 + (6 if who == 0 else 0) + (seat * (who + 2) % 4) / 2


def panel(session: Session) -> tuple[ExamSession, list[int]]:
    exam, who = factory.signed(session, candidates=12, examiners=3, total=wavering)
    factory.over_the_day(session, exam)
    return exam, who


def test_the_head_sees_figures_and_other_examiners_do_not(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, who = panel(session)
    factory.head(session, exam, who[1])
    head, other = (people.bearer(store, session, session.get_one(User, one)) for one in (who[1], who[2]))
    address = f"/panel/{exam.id}/agreement"
    page = client.get(address, headers=head).text
    assert "宽严差异" in page
    assert "评分偏宽" in page or "高出" in page
    assert page.count('class="whisker') >= 3
    assert 'data-behaviour="agreement-live"' in page
    assert "nan" not in page.lower().replace("finan", "")
    for path in (address, f"{address}/file.csv", f"/api/v1/sessions/{exam.id}/agreement"):
        assert client.get(path, headers=head).status_code == 200
        assert client.get(path, headers=other).status_code == 404
        assert client.get(path, headers=bearer(store, session, Role.AUDITOR)).status_code == 200
        assert client.get(path, headers=bearer(store, session, Role.PROCTOR)).status_code == 404
    assert client.get(f"{address}/file.exe", headers=head).status_code == 404


def test_an_examiner_sees_the_own_figure_after_the_session(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, who = panel(session)
    own = people.bearer(store, session, session.get_one(User, who[0]))
    address = f"/examiner/sessions/{exam.id}/agreement"
    assert "场次结束后" in client.get(address, headers=own).text
    panels.close_practical(session, practical.REGISTRAR, exam.id, now())
    session.commit()
    page = client.get(address, headers=own).text
    assert "+" in page.split("<dl")[1].split("</dl>")[0]
    for key in who[1:]:
        assert session.get_one(User, key).name not in page
    assert address in client.get("/examiner/", headers=own).text
    stranger = bearer(store, session, Role.EXAMINER)
    assert client.get(address, headers=stranger).status_code == 404


def test_before_the_tenth_the_page_says_when(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, _ = practical.open_practical(session, candidates=2)
    registrar = bearer(store, session, Role.REGISTRAR)
    assert "第 10 名" in client.get(f"/panel/{exam.id}/agreement", headers=registrar).text
    answer = client.get(f"/api/v1/sessions/{exam.id}/agreement", headers=registrar).json
    assert answer == {"session": exam.id, "candidates": 0, "begins_with": 10, "figures": None}
    english = client.get(f"/panel/{exam.id}/agreement", headers={**registrar, "Accept-Language": "en"}).text
    assert "figures" in english.lower() or "第" in english


def test_the_api_has_every_figure(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, who = panel(session)
    answer = client.get(
        f"/api/v1/sessions/{exam.id}/agreement", headers=bearer(store, session, Role.REGISTRAR)
    ).get_json()
    figures = answer["figures"]
    assert {one["id"] for one in figures["examiners"]} == set(who)
    assert figures["examiners"][-1]["id"] == who[0]
    assert figures["examiners"][-1]["severity"]["low"] > 3
    assert "lenient" in {one["kind"] for one in figures["hints"]}
    assert all(one["not_proved"] and one["to_do"] and "%(" not in one["text"] for one in figures["hints"])
    assert len(figures["criteria"]) == 16
    assert figures["icc"]["icc_1_1"]["value"] <= 1


def test_files_open_and_hold_no_formula(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, who = panel(session)
    session.get_one(User, who[0]).name = "=1+1"
    session.commit()
    registrar = bearer(store, session, Role.REGISTRAR)
    text = client.get(f"/panel/{exam.id}/agreement/file.csv", headers=registrar).data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(
        f"/panel/{exam.id}/agreement/file.xlsx", headers=registrar).data))  # fmt: skip
    assert len(book.sheet_names) == 7
    assert len(book.get_sheet_by_index(6).to_python()) == 13
    assert safe("+1") == "'+1"
    assert safe(-1.5) == -1.5


def test_over_sessions(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, _ = panel(session)
    registrar = bearer(store, session, Role.REGISTRAR)
    address = f"/registrar/agreement?level={exam.scheme}/{exam.level}"
    page = client.get(address, headers=registrar).text
    assert f"/panel/{exam.id}/agreement" in page
    assert "whisker" in page
    assert "whisker" not in client.get(f"{address}&until=2020-01-01", headers=registrar).text
    assert client.get(f"{address}&since=soon", headers=registrar).status_code in (302, 303, 422)
    assert client.get("/registrar/agreement?level=nothing", headers=registrar).status_code == 404
    download = "/registrar/agreement/file.xlsx?" + address.split("?")[1]
    assert client.get(download, headers=registrar).status_code == 200
    assert client.get(download + "&until=2020-01-01", headers=registrar).status_code == 404


def test_anchors_on_the_page_and_by_the_api(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, _ = practical.open_practical(session, candidates=2)
    session.commit()
    registrar = bearer(store, session, Role.REGISTRAR)
    one, other = session.scalars(select(Seat.id).where(Seat.session_id == exam.id).order_by(Seat.number))
    address = f"/registrar/sessions/{exam.id}/anchors"
    points = factory.all_points(session, exam)
    form = {f"points-{key}": value for key, value in points.items()} | {"reason": "录像，三位专家一致"}
    form["csrf_token"] = token(client, f"{address}/seats/{one}", registrar)
    refused = client.post(f"{address}/seats/{one}", data=form | {"points-J01": "7"}, headers=registrar)
    assert refused.status_code == 422
    assert "三位专家" in refused.text
    assert client.post(f"{address}/seats/{one}", data=form, headers=registrar).status_code == 303
    assert "三位专家" in client.get(address, headers=registrar).text
    api = f"/api/v1/sessions/{exam.id}/anchors"
    body = {"points": points, "reason": "experts"}
    assert client.put(f"{api}/{other}", json=body, headers=registrar).status_code == 200
    assert [each["seat"] for each in client.get(api, headers=registrar).get_json()["anchors"]] == [one, other]
    assert client.delete(f"{api}/{other}", headers=registrar).status_code == 204
    assert client.delete(f"{api}/{other}", headers=registrar).status_code == 404
    assert client.post(f"{address}/seats/{one}/remove", data=form, headers=registrar).status_code == 303
    assert client.get(api, headers=registrar).json == {"anchors": []}
