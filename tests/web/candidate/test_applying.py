"""An application on screen, from the first page to the decision."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.registration import Application, Candidate
from tests.factories import applicants, people
from tests.web.visits import visitor

Headers = dict[str, str]
BEGIN = f"/my/apply/{applicants.SCHEME}/junior"


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def me(store: Flask, session: Session) -> Headers:
    return people.bearer(store, session, people.user(session, Role.CANDIDATE, name="李𬭊"))


def send(client: FlaskClient, address: str, form: dict[str, object], headers: Headers) -> tuple[int, str]:
    page = client.get(address, headers=headers).text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    answer = client.post(address, data={**form, "csrf_token": token}, headers=headers)
    return answer.status_code, answer.text


def identity(**changes: object) -> dict[str, object]:
    typed = {"name": "李𬭊", "identity_type": "resident", "identity_number": applicants.resident_number()}
    return {**typed, **changes}


def test_the_whole_way(client: FlaskClient, session: Session, me: Headers) -> None:
    assert BEGIN in client.get("/my/apply", headers=me).text
    assert send(client, BEGIN, identity(employer="远航客服"), me)[0] == 303
    row = session.scalars(select(Application)).one()
    base = f"/my/applications/{row.id}"
    assert "尚需补充" in client.get(base, headers=me).text
    photo = {"photo": (BytesIO(applicants.picture()), "me.jpg")}
    assert send(client, f"{base}/photo", photo, me)[0] == 303
    kept = client.get("/my/photo", headers=me)
    assert (kept.mimetype, kept.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    stated = {"occupation": applicants.statement().occupation, "training_hours": "48", "training_mode": "online"}
    assert send(client, f"{base}/statement", stated, me)[0] == 303
    proof = {"kind": "training", "file": (BytesIO(applicants.PDF), "proof.pdf")}
    assert send(client, f"{base}/documents", proof, me)[0] == 303
    assert "尚需补充" not in client.get(base, headers=me).text
    assert client.post(f"{base}/submit", headers=me).status_code == 303
    session.expire_all()
    assert row.status == "submitted"
    assert "您的报名正在审核" in client.get("/my/", headers=me).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"identity_number": "110105194912310021"}, "末位校验码"),
        ({"identity_number": "123"}, "所填为 3 位"),
        ({"name": ""}, "请填写与身份证件一致的姓名"),
        ({"name": "王" * 201}, "最多 200 个字符"),
        ({"identity_type": "licence"}, "field wrong"),
    ],
)
def test_what_was_typed_stays_and_the_reason_stands_with_it(
    client: FlaskClient, session: Session, me: Headers, change: dict[str, object], said: str
) -> None:
    status, page = send(client, BEGIN, identity(school="东湖学校", **change), me)
    assert status == 422
    assert said in page
    assert "东湖学校" in page
    assert session.scalars(select(Candidate)).all() == []


def test_markup_is_no_name_and_is_shown_as_typed(client: FlaskClient, session: Session, me: Headers) -> None:
    status, page = send(client, BEGIN, identity(name="<b>王</b>"), me)
    assert status == 422
    assert "“&lt;”（U+003C）不能出现在姓名中" in page
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert "<b>王" not in page
    assert session.scalars(select(Candidate)).all() == []


def test_a_name_of_duplicate_characters_is_asked_about_before_it_is_kept(
    client: FlaskClient, session: Session, me: Headers
) -> None:
    typed = identity(name="⼭\ue863")
    status, page = send(client, BEGIN, typed, me)
    assert status == 422
    assert "您的姓名被识别为“山䶮”，对吗？" in page
    assert "“⼭”（U+2F2D）识别为“山”（U+5C71）" in page
    assert "U+E863" in page
    assert session.scalars(select(Candidate)).all() == []
    assert send(client, BEGIN, {**typed, "understood": "山龙"}, me)[0] == 422
    assert send(client, BEGIN, {**typed, "understood": "山䶮"}, me)[0] == 303
    kept = session.scalars(select(Candidate)).one()
    assert (kept.name, kept.name_as_typed) == ("山䶮", "⼭\ue863")
    row = session.scalars(select(Application)).one()
    assert "输入时为“⼭\ue863”" in client.get(f"/my/applications/{row.id}", headers=me).text


def test_every_character_that_must_go_is_named_at_once(client: FlaskClient, me: Headers) -> None:
    status, page = send(client, BEGIN, identity(name="王ロ3"), me)
    assert status == 422
    assert "“ロ”（U+30ED）只是与“口”（U+53E3）字形相近" in page
    assert "姓名中不应有数字“3”（U+0033）" in page


def test_a_dot_of_another_keyboard_becomes_the_dot_of_names_and_is_told(
    client: FlaskClient, session: Session, me: Headers
) -> None:
    assert send(client, BEGIN, identity(name="阿卜杜•麦麦提"), me)[0] == 303
    row = session.scalars(select(Application)).one()
    assert row.candidate.name == "阿卜杜·麦麦提"
    assert "已存为“阿卜杜·麦麦提”" in client.get(f"/my/applications/{row.id}/photo", headers=me).text
    assert send(client, f"/my/applications/{row.id}/identity", identity(name="阿卜杜·麦麦提"), me)[0] == 303
    session.expire_all()
    assert row.candidate.name_as_typed == "阿卜杜•麦麦提"


def test_a_name_that_no_font_prints_is_warned_of_at_once(client: FlaskClient, session: Session, me: Headers) -> None:
    assert send(client, BEGIN, identity(name="王\U0002ebf0"), me)[0] == 303
    row = session.scalars(select(Application)).one()
    assert "您仍可继续报名" in client.get(f"/my/applications/{row.id}/photo", headers=me).text


@pytest.mark.parametrize("content", [b"", b"not a picture", applicants.picture(100, 100)])
def test_a_file_that_is_no_good_photo_is_refused(
    client: FlaskClient, session: Session, me: Headers, content: bytes
) -> None:
    send(client, BEGIN, identity(), me)
    row = session.scalars(select(Application)).one()
    photo = {"photo": (BytesIO(content), "me.jpg")}
    assert send(client, f"/my/applications/{row.id}/photo", photo, me)[0] == 422
    assert row.candidate.photo is None


def test_a_document_can_be_looked_at_and_removed(client: FlaskClient, store: Flask, session: Session) -> None:
    row = applicants.draft(session)
    me = people.bearer(store, session, row.candidate.user)
    address = f"/my/applications/{row.id}/documents/{row.documents[0].id}"
    shown = client.get(address, headers=me)
    assert (shown.data, shown.headers["Content-Security-Policy"]) == (applicants.PDF, "sandbox; default-src 'none'")
    assert client.post(f"{address}/remove", headers=me).status_code == 303
    assert client.get(address, headers=me).status_code == 404


def test_anothers_application_does_not_exist(client: FlaskClient, session: Session, me: Headers) -> None:
    row = applicants.draft(session)
    session.commit()
    base = f"/my/applications/{row.id}"
    pages = ["", "/identity", "/photo", "/statement", "/documents", f"/documents/{row.documents[0].id}"]
    assert {client.get(base + page, headers=me).status_code for page in pages} == {404}
    assert client.post(f"{base}/submit", headers=me).status_code == 404
    assert client.post(f"{base}/withdraw", headers=me).status_code == 404


def test_a_handed_in_application_can_be_withdrawn_but_not_changed(
    client: FlaskClient, store: Flask, session: Session
) -> None:
    row = applicants.submitted(session)
    me = people.bearer(store, session, row.candidate.user)
    base = f"/my/applications/{row.id}"
    assert client.get(f"{base}/statement", headers=me).status_code == 409
    assert client.post(f"{base}/withdraw", headers=me).status_code == 303
    session.expire_all()
    assert row.status == "withdrawn"


def test_the_identity_number_is_never_shown_in_full(client: FlaskClient, store: Flask, session: Session) -> None:
    number = applicants.resident_number()
    row = applicants.draft(session, applicants.applicant(session, number=number))
    me = people.bearer(store, session, row.candidate.user)
    for page in ("/my/", f"/my/applications/{row.id}", f"/my/applications/{row.id}/identity"):
        assert number not in client.get(page, headers=me).text
