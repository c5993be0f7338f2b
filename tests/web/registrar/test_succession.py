from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.certificate import Certificate
from app.models.registration import Candidate, Conflict
from certificates.register import making
from certificates.register.entries import history
from certificates.register.succession import successor
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificate_life as life
from tests.factories import certificates as factory
from tests.factories import people
from tests.web.visits import token

Headers = dict[str, str]


def press(client: FlaskClient, headers: Headers, page: str, address: str, **form: str):  # type: ignore[no-untyped-def]
    prefix = next((name.split("-")[0] + "-" for name in form if "-" in name), "")
    return client.post(address, data={**form, f"{prefix}csrf_token": token(client, page, headers)}, headers=headers)


def test_from_the_wrong_name_to_the_new_certificate(client: FlaskClient, session: Session, registrar: Headers) -> None:
    old = factory.issued(session, name="王小名")
    page = f"/register/{old.serial}"
    names = f"/registrar/applications/{old.application_id}/name"
    assert names in client.get(page, headers=registrar).text
    assert "/replace" not in client.get(page, headers=registrar).text
    assert press(client, registrar, names, names, name="王小明", document="", reason="x").status_code == 422
    form = {"name": "王小明", "document": "身份证", "reason": "误录"}
    assert press(client, registrar, names, names, **form).status_code == 303
    shown = client.get(names, headers=registrar).text
    assert "王小名" in shown
    assert page in shown
    assert "现登记姓名：王小明" in client.get(page, headers=registrar).text
    assert press(client, registrar, page, f"{page}/replace", **{"replace-reason": ""}).status_code == 422
    answer = press(client, registrar, page, f"{page}/replace", **{"replace-reason": "姓名误录"})
    assert answer.status_code == 303
    session.expire_all()
    new = successor(session, old)
    assert new
    assert answer.location.endswith(f"/register/{new.serial}")
    assert new.serial in client.get(page, headers=registrar).text
    assert old.serial in client.get(f"/register/{new.serial}", headers=registrar).text
    assert 'name="change"' not in client.get(page, headers=registrar).text
    assert press(client, registrar, page, f"{page}/replace", **{"replace-reason": "x"}).status_code == 409
    assert old.serial in client.get("/register?status=replaced", headers=registrar).text


def test_a_name_that_was_understood_otherwise_is_asked_about(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    names = f"/registrar/applications/{factory.issued(session).application_id}/name"
    form = {"document": "身份证", "reason": "误录"}
    answer = press(client, registrar, names, names, name="王⼤明", **form)
    assert answer.status_code == 422
    assert 'value="王大明"' in answer.text
    assert press(client, registrar, names, names, name="王大明", **form).status_code == 303


def test_a_renewal(client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.schemes.scheme import Renewal

    life.with_terms(monkeypatch, rule=Renewal(months_before=36, months_after=2, training_hours=20))
    old = factory.issued(session)
    page = f"/register/{old.serial}"
    assert old.serial in client.get("/register/ending?months=36", headers=registrar).text
    assert old.serial not in client.get("/register/ending", headers=registrar).text
    form = {"renew-reason": "继续教育", "renew-training_hours": "8"}
    short = press(client, registrar, page, f"{page}/renew", **form)
    assert short.status_code == 409
    assert "20" in short.text.split('class="reasons"')[1]
    form["renew-training_hours"] = "20"
    assert press(client, registrar, page, f"{page}/renew", **form).status_code == 303
    session.expire_all()
    assert (old.status, old.status_reason) == ("replaced", "renewed")


def test_nobody_tied_sees_a_button_or_gets_through(client: FlaskClient, store: Flask, session: Session) -> None:
    made = factory.issued(session)
    user, _ = life.registrar(session)
    session.add(Conflict(examiner_id=user.id, candidate_id=session.scalars(select(Candidate.id)).one(), tie="trainer"))
    headers = people.bearer(store, session, user)
    page = f"/register/{made.serial}"
    shown = client.get(page, headers=headers).text
    assert 'name="change"' not in shown
    assert "曾培训" in shown
    assert "没有无须回避的登记员" in shown
    form = {"change": "suspend", "reason": "x", "ground": "unstated"}
    assert press(client, headers, page, page, **form).status_code == 409
    session.expire_all()
    assert made.status == "valid"


def test_when_nothing_can_be_signed_the_decision_is_kept_and_shown(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = factory.issued(session, name="王小名")
    life.rename(session, old, "王小明")
    session.commit()

    def refused(*_: object) -> None:
        raise timestamp_unavailable("down")

    monkeypatch.setattr(making, "pressed", refused)
    page = f"/register/{old.serial}"
    assert press(client, registrar, page, f"{page}/replace", **{"replace-reason": "误录"}).status_code == 303
    assert "等待签名" in client.get(page, headers=registrar).text
    assert "等待签名" in client.get("/register", headers=registrar).text


def test_letters_for_the_register_and_for_the_holder(client: FlaskClient, store: Flask, session: Session) -> None:
    holder, reader = factory.candidate(session), people.user(session, Role.AUDITOR)
    made, other = factory.issued(session, user=holder), factory.issued(session, name="别人")
    event = history(session, made)[0].event.id
    mine, theirs = people.bearer(store, session, holder), people.bearer(store, session, reader)
    letter = client.get(f"/results/certificates/{made.serial}/letters/{event}", headers=mine)
    assert letter.data.startswith(b"%PDF-")
    assert client.get(f"/register/{made.serial}/letters/{event}", headers=theirs).data == letter.data
    strange = history(session, other)[0].event.id
    for address in (f"{made.serial}/letters/{strange}", f"{other.serial}/letters/{strange}"):
        assert client.get(f"/results/certificates/{address}", headers=mine).status_code == 404
    assert client.get(f"/register/{made.serial}/letters/{strange}", headers=theirs).status_code == 404


@pytest.mark.parametrize(
    ("status", "words"), [("suspended", "证书已暂停"), ("revoked", "证书已撤销"), ("replaced", "该证书已换发")]
)
def test_the_holder_reads_what_it_is_worth_and_what_to_do(
    client: FlaskClient, store: Flask, session: Session, status: str, words: str
) -> None:
    from app.core.clock import now
    from certificates.register import replacing, revocation

    holder = factory.candidate(session)
    made: Certificate = factory.issued(session, user=holder)
    if status == "replaced":
        life.rename(session, made, "王大明")
        replacing.replace(session, factory.REGISTRAR, made.serial, "x", now(), factory.choice())
    else:
        change = revocation.suspend if status == "suspended" else revocation.revoke
        change(session, factory.REGISTRAR, made.serial, "x", now())
    page = client.get("/results", headers=people.bearer(store, session, holder)).text
    assert words in page
    assert f"/results/certificates/{made.serial}/letters/" in page
