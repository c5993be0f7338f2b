"""Programs in the workshop: the whole way of an item over HTTP."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import people, workshop
from tests.web.visits import visitor

PNG = b"\x89PNG\r\n\x1a\n rest"


class Desk:
    def __init__(self, app: Flask, session: Session, *roles: Role) -> None:
        self.client: FlaskClient = visitor(app)
        self.headers = people.bearer(app, session, people.user(session, *roles))

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.open(f"/api/v1/items{path}", method=method, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def author(store: Flask, session: Session) -> Desk:
    return Desk(store, session, Role.AUTHOR)


@pytest.fixture
def reviewer(store: Flask, session: Session) -> Desk:
    return Desk(store, session, Role.REVIEWER)


def made(author: Desk, code: str = "A-1", **changes: Any) -> Any:
    body = {"code": code, "scheme": workshop.SCHEME, "level": "junior", "content": workshop.content(**changes)}
    return author("POST", "", body, 201)


def seen(revision: Any) -> dict[str, int]:
    return {"revision": revision["number"], "edition": revision["edition"]}


def test_the_whole_way(author: Desk, reviewer: Desk) -> None:
    one = made(author)
    item = f"/{one['item']}"
    stem = {"stem": "![图](a.png) 是什么？", "media": {}}
    files = [{"name": "a.png", "content": base64.b64encode(PNG).decode()}]
    one = author("PUT", f"{item}/revision", {**seen(one), "content": stem, "files": files})
    told = author("POST", f"{item}/submit", seen(one), 422)
    assert told["error"]["code"] == "item_incomplete"
    digest = {"media": {"a.png": hashlib.sha256(PNG).hexdigest()}}
    one = author("PUT", f"{item}/revision", {**seen(one), "content": digest})
    one = author("POST", f"{item}/submit", seen(one))
    author("POST", f"{item}/approve", seen(one), 403)
    comment = reviewer("POST", f"{item}/comments", {"text": "图太小", "field": "stem"}, 201)
    one = reviewer("POST", f"{item}/send-back", {**seen(one), "reason": "换一张图"})
    assert (one["state"], one["round"]) == ("draft", 2)
    author("POST", f"{item}/comments/{comment['id']}/resolve")
    one = author("POST", f"{item}/submit", seen(one))
    one = author("POST", f"{item}/take-back", seen(one))
    one = author("POST", f"{item}/submit", seen(one))
    one = reviewer("POST", f"{item}/approve", seen(one))
    assert reviewer("POST", f"{item}/put-in-use", seen(one))["state"] == "in_use"
    one = author("POST", f"{item}/revision", status=201)
    one = author("PUT", f"{item}/revision", {**seen(one), "content": {"point": "提问"}})
    told = author("PUT", f"{item}/revision", {**seen(one), "edition": 1, "content": {"point": "复述"}}, 409)
    assert told["error"]["details"]["both"] == ["point"]
    found = reviewer("GET", f"{item}/diff?from_version=1&to_revision={one['number']}")
    assert [change["field"] for change in found["changes"]] == ["point"]
    author("POST", f"{item}/abandon", seen(one))
    file = reviewer("GET", item)
    assert [one["state"] for one in file["revisions"]] == ["abandoned", "in_use"]
    assert len(file["versions"]) == 1
    assert file["history"][0]["tag"] == "item:revision:abandoned"
    assert reviewer("GET", f"{item}/usage")["versions"][0]["papers"] == 0


def test_withdrawing(store: Flask, session: Session, author: Desk, reviewer: Desk) -> None:
    people_of = [workshop.person(session), workshop.person(session)]
    first, second = (workshop.in_use(session, *people_of, code) for code in ("A-1", "A-2"))
    session.commit()
    registrar = Desk(store, session, Role.REGISTRAR)
    assert registrar("POST", f"/{first}/compromise", {"reason": "外泄"}) == {"papers": []}
    registrar("POST", f"/{first}/clear-compromise", {"reason": "x"}, 403)
    listed = author("GET", "?compromised=true")
    assert [one["code"] for one in listed["items"]] == ["A-1"]
    reviewer("POST", f"/{first}/clear-compromise", {"reason": "误报"})
    reviewer("POST", f"/{first}/retire", {"reason": "过时"})
    reviewer("POST", f"/{first}/reinstate", {"reason": "仍适用"})
    assert registrar("GET", f"/{first}/papers") == {"papers": []}
    found = author("PUT", f"/{first}/enemies/{second}")
    assert [one["code"] for one in found["enemies"]] == ["A-2"]
    assert author("DELETE", f"/{second}/enemies/{first}") == {"enemies": []}


def test_many_at_once(author: Desk, reviewer: Desk) -> None:
    ids = [made(author, "A-1")["item"], made(author, "A-2", rationale="")["item"]]
    body = {"act": "submit", "items": ids}
    found = author("POST", "/bulk/preview", body)
    assert [(one["happens"], one["refusal"]) for one in found["lines"]] == [(True, ""), (False, "item_incomplete")]
    assert all(one["words"] and "%(" not in one["words"] for one in found["lines"])
    author("POST", "/bulk", {**body, "token": "stale"}, 409)
    assert author("POST", "/bulk", {**body, "token": found["token"]})["happening"] == 1
    author("POST", "/bulk/preview", {**body, "act": "approve"}, 403)
    approved = reviewer("POST", "/bulk/preview", {**body, "act": "approve"})
    assert [one["happens"] for one in approved["lines"]] == [True, False]
    assert author("GET", "?revision=in_review")["total"] == 1


def test_files_come_in_as_drafts_and_go_out(session: Session, author: Desk) -> None:
    one = workshop.in_use(session, workshop.person(session), workshop.person(session), "A-1")
    session.commit()
    sent = author("POST", "/export", {"format": "yaml", "state": "in_use"})
    text = base64.b64decode(sent["content"]).decode()
    assert "A-1" in text
    assert author("POST", "/export", {"format": "aiken"})["losses"]
    changed = text.replace("A-1", "B-1").encode()
    body = {"name": "items.yaml", "content": base64.b64encode(changed).decode()}
    got = author("POST", "/import", {**body, "dry_run": True})
    assert (got["new"], author("GET", "?state=draft")["total"]) == (1, 0)
    assert author("POST", "/import", body)["new"] == 1
    assert author("POST", "/import", body)["unchanged"] == 1
    assert author("GET", "?state=draft")["items"][0]["code"] == "B-1"
    wrong = base64.b64encode(changed.replace(b"B-1", b"?")).decode()
    told = author("POST", "/import", {**body, "content": wrong}, 422)
    assert all(one["reason"] for one in told["error"]["details"]["problems"])
    assert author("GET", f"/{one}")["code"] == "A-1"
    foreign = base64.b64encode("::Q1:: 座席应当怎么做？ {=归纳 ~打断 ~挂断}".encode()).decode()
    places = {"scheme": workshop.SCHEME, "level": "junior", "prefix": "G-"}
    got = author("POST", "/import", {"name": "q.gift", "content": foreign, **places})
    assert got["new"] == 1
    assert all(one["reason"] and "%(" not in one["reason"] for one in got["missing"])
    author("POST", "/export", {"words": "no such item"}, 422)
