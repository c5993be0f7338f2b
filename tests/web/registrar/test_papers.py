"""Papers of the day on the screen, and a sheet typed in by two people from there."""

from __future__ import annotations

from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role, RoleGrant, User
from app.models.practical import RubricSheet
from app.practical.typed.code import code_of
from app.registration.facts import BODY_ZONE
from tests.factories import evidence, papers, people, practical
from tests.web.visits import token

Headers = dict[str, str]


def test_what_is_printed_by_whom(store: Flask, client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam, [first, _] = practical.open_practical(session)
    examiner = people.bearer(store, session, session.get_one(User, first.examiner_id))
    session.commit()
    own, all_of = f"/examiner/sessions/{exam.id}/papers", f"/registrar/sessions/{exam.id}/papers"
    for address, who, status in (
        (all_of, registrar, 200), (f"{all_of}/register.pdf", registrar, 200),
        (f"{all_of}/register.xlsx", registrar, 200), (f"{all_of}/nothing.pdf", registrar, 404),
        (own, examiner, 200), (f"{own}/sheets.pdf", examiner, 200), (f"{own}/register.pdf", examiner, 404),
        (f"{all_of}/sheets.pdf", examiner, 403),
    ):  # fmt: skip
        assert client.get(address, headers=who).status_code == status, address


def test_two_people_type_a_sheet(store: Flask, client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam, [first, _] = practical.open_practical(session)
    second = people.bearer(store, session, people.user(session, Role.REGISTRAR, name="周二"))
    session.commit()
    base = f"/registrar/sessions/{exam.id}/papers"
    found = client.get(f"{base}/find?code={code_of(first.sheet_id)}", headers=registrar)
    address = f"{base}/typed/{first.sheet_id}"
    assert found.location.endswith(address)
    opened = session.get_one(RubricSheet, first.sheet_id).seat.session.opened_at
    assert opened is not None
    marks = {f"points-{key}": str(given) for key, given in papers.points(session, first).items()}
    typed = {**marks, "signed_at": f"{opened.astimezone(BODY_ZONE):%Y-%m-%dT%H:%M}", "note-J02": "只有甲看得见"}
    wide = {
        **typed,
        "points-J01": typed["points-J01"].translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
    }
    for who, sent, status in ((registrar, {**typed, "points-J01": "９９"}, 422), (registrar, wide, 303)):
        form = {**sent, "csrf_token": token(client, address, who)}
        assert client.post(address, data=form, headers=who).status_code == status
    assert "只有甲看得见" not in client.get(address, headers=second).text
    other = {**typed, "note-J02": "乙"}
    client.post(address, data={**other, "csrf_token": token(client, address, second)}, headers=second)
    apart = client.get(address, headers=second).text
    assert "只有甲看得见" in apart
    assert 'name="points-J02"' in apart
    assert 'name="points-J01"' not in apart
    mended = {"points-J02": marks["points-J02"], "note-J02": "只有甲看得见"}
    client.post(address, data={**mended, "csrf_token": token(client, address, second)}, headers=second)
    scan = {"scan": (BytesIO(evidence.picture()), "scan.png"), "csrf_token": token(client, address, second)}
    assert client.post(f"{address}/scan", data=scan, headers=second).status_code == 303
    form = {"csrf_token": token(client, address, second)}
    assert client.post(f"{address}/finish", data=form, headers=second).status_code == 303
    session.expire_all()
    assert session.get_one(RubricSheet, first.sheet_id).state == "signed"


def test_the_scan_can_be_attached_and_looked_at_while_two_people_type(
    store: Flask, client: FlaskClient, session: Session, registrar: Headers
) -> None:
    exam, [first, second] = practical.open_practical(session)
    one, marker = papers.typist(session), session.get_one(User, second.examiner_id)
    papers.type_in(session, first, one, papers.points(session, first))
    marker.grants.append(RoleGrant(role=Role.REGISTRAR))
    examiner = people.bearer(store, session, marker)
    session.commit()
    address = f"/registrar/sessions/{exam.id}/papers/typed/{first.sheet_id}"
    assert client.get(f"{address}/scan", headers=registrar).status_code == 404
    page = client.get(address, headers=registrar).text
    assert f'action="{address}/scan"' in page
    sent = {"scan": (BytesIO(evidence.picture()), "../../<b>.png"), "csrf_token": token(client, address, registrar)}
    assert client.post(f"{address}/scan", data=sent, headers=registrar).status_code == 303
    assert f'href="{address}/scan"' in client.get(address, headers=registrar).text
    answer = client.get(f"{address}/scan", headers=registrar)
    assert (answer.status_code, answer.data[:2], answer.mimetype) == (200, b"\xff\xd8", "image/jpeg")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for page_of in (address, f"{address}/scan"):  # who marks in the session sees nothing of another's paper
        assert client.get(page_of, headers=examiner).status_code == 409
