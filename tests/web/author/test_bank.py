from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.models.account import Role
from question_bank.items import keep_items
from tests.factories import people
from tests.factories.items import bank_item, statement


def test_authors_read_the_bank(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(
        session, SYSTEM, [bank_item("A-1", stem="哪句**不恰当**？"), statement("B-2", enemies=frozenset({"A-1"}))]
    )
    author = people.bearer(store, session, people.user(session, Role.AUTHOR))
    page = client.get("/bank", headers=author).text
    assert "A-1" in page
    assert "<strong>不恰当</strong>" in page
    page = client.get("/bank?type=truefalse&level=junior&words=b-2", headers=author).text
    assert "B-2" in page
    assert "A-1" not in page
    assert "/bank/A-1" in client.get("/bank/B-2", headers=author).text


def test_nothing_fits_and_nothing_is_there(store: Flask, session: Session, client: FlaskClient) -> None:
    author = people.bearer(store, session, people.user(session, Role.REVIEWER))
    assert "flask bank import" in client.get("/bank", headers=author).text
    keep_items(session, SYSTEM, [bank_item("A-1")])
    session.commit()
    for query in ("words=none%25", "type=truefalse", "row=%E5%85%AD"):
        answer = client.get(f"/bank?{query}", headers=author)
        assert answer.status_code == 200
        assert "A-1" not in answer.text
    assert client.get("/bank?type=riddle", headers=author).status_code == 422
    assert client.get("/bank?page=999", headers=author).status_code == 200
    assert client.get("/bank/none", headers=author).status_code == 404


def test_markup_in_an_item_prints_as_typed(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1", stem="<script>alert(1)</script>？")])
    author = people.bearer(store, session, people.user(session, Role.AUDITOR))
    for address in ("/bank", "/bank/A-1"):
        page = client.get(address, headers=author).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_an_item_shows_its_versions(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1")])
    keep_items(session, SYSTEM, [bank_item("A-1", stem="新的题干？")])
    author = people.bearer(store, session, people.user(session, Role.AUTHOR))
    page = client.get("/bank/A-1", headers=author).text
    assert "新的题干？" in page
    assert bank_item().stem in page


def test_others_may_not(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1")])
    for role in (Role.CANDIDATE, Role.PROCTOR, Role.EXAMINER, Role.REGISTRAR, Role.ADMINISTRATOR):
        headers = people.bearer(store, session, people.user(session, role))
        for address in ("/bank", "/bank/A-1"):
            assert client.get(address, headers={**headers, "Accept": "application/json"}).status_code == 403
