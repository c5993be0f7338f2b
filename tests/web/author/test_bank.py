"""The list of items and what leads to them: everybody's work first, filters that can be kept, figures beside items."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.models.account import Role
from question_bank.items import keep_items
from tests.factories import people, workshop
from tests.factories.items import bank_item, statement
from tests.web.visits import visitor

LEVEL = f"{workshop.SCHEME}/junior"


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def test_authors_read_the_bank(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(
        session, SYSTEM, [bank_item("A-1", stem="哪句**不恰当**？"), statement("B-2", enemies=frozenset({"A-1"}))]
    )
    author = people.bearer(store, session, people.user(session, Role.AUTHOR))
    page = client.get("/bank", headers=author).text
    assert "A-1" in page
    assert "<strong>不恰当</strong>" in page
    page = client.get(f"/bank?type=truefalse&level={LEVEL}&words=b-2", headers=author).text
    assert "B-2" in page
    assert "A-1" not in page
    assert "/bank/items/A-1" in client.get("/bank/items/B-2", headers=author).text


def test_nothing_fits_and_nothing_is_there(store: Flask, session: Session, client: FlaskClient) -> None:
    reviewer = people.bearer(store, session, people.user(session, Role.REVIEWER))
    author = people.bearer(store, session, people.user(session, Role.AUTHOR))
    assert "flask bank import" in client.get("/bank", headers=reviewer).text
    assert "/bank/import" in client.get("/bank", headers=author).text
    keep_items(session, SYSTEM, [bank_item("A-1")])
    session.commit()
    queries = ("words=none%25", "type=truefalse", "row=%E5%85%AD", "share_from=0.5", "state=revision-draft&mine=y",
               "state=compromised", "papers_from=1", "case=y", "stimulus=S-1", "author=nobody")  # fmt: skip
    for query in queries:
        answer = client.get(f"/bank?{query}", headers=author)
        assert answer.status_code == 200, query
        assert "A-1" not in answer.text, query
    for wrong in ("type=riddle", "share_to=2", "papers_from=many", "sort=colour", "correlation_to=NaN"):
        assert client.get(f"/bank?{wrong}", headers=author).status_code == 422, wrong
    assert client.get("/bank?page=999", headers=author).status_code == 200
    assert client.get("/bank/items/none", headers=author).status_code == 404


def test_ones_own_drafts_and_what_waits_are_counted(store: Flask, session: Session, client: FlaskClient) -> None:
    author, reviewer = people.user(session, Role.AUTHOR), people.user(session, Role.REVIEWER)
    who = workshop.Actor(author.id, author.name, "test")
    judge = workshop.Actor(reviewer.id, reviewer.name, "test")
    workshop.draft(session, who, "D-1")
    workshop.draft(session, judge, "D-2")
    workshop.approved(session, who, judge, "P-1")
    headers = people.bearer(store, session, author)
    page = client.get("/bank", headers=headers).text
    assert page.count("<strong>1</strong>") == 2
    mine = client.get("/bank?mine=y&state=revision-draft", headers=headers).text
    assert "D-1" in mine
    assert "D-2" not in mine
    assert "P-1" in client.get("/bank?state=revision-approved", headers=headers).text


def test_markup_in_an_item_prints_as_typed(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1", stem="<script>alert(1)</script>？")])
    author = people.bearer(store, session, people.user(session, Role.AUDITOR))
    for address in ("/bank", "/bank/items/A-1", "/bank/items/A-1/preview"):
        page = client.get(address, headers=author).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_an_item_shows_its_versions(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1")])
    keep_items(session, SYSTEM, [bank_item("A-1", stem="新的题干？")])
    author = people.bearer(store, session, people.user(session, Role.AUTHOR))
    assert "新的题干？" in client.get("/bank/items/A-1", headers=author).text
    assert bank_item().stem in client.get("/bank/items/A-1?state=v1", headers=author).text
    assert client.get("/bank/items/A-1?state=v9", headers=author).status_code == 404
    changes = client.get("/bank/items/A-1/changes", headers=author).text
    assert "<ins>" in changes
    assert "<del>" in changes


def test_others_may_not(store: Flask, session: Session, client: FlaskClient) -> None:
    keep_items(session, SYSTEM, [bank_item("A-1")])
    for role in (Role.CANDIDATE, Role.PROCTOR, Role.EXAMINER, Role.REGISTRAR, Role.ADMINISTRATOR):
        headers = people.bearer(store, session, people.user(session, role))
        for address in ("/bank", "/bank/items/A-1", "/bank/items/A-1/preview"):
            assert client.get(address, headers={**headers, "Accept": "application/json"}).status_code == 403
