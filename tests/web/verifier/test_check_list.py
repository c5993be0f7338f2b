"""An employer's page and the same through the API."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models.account import Role
from app.models.certificate import Certificate
from tests.factories import certificates as factory
from tests.factories import people
from tests.unit.certificates.register.test_check_file import workbook
from tests.web.visits import token, visitor

Headers = dict[str, str]


@pytest.fixture
def employer(store: Flask, session: Session) -> Headers:
    return people.bearer(store, session, people.user(session, Role.VERIFIER))


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def send(client: FlaskClient, headers: Headers, **data: Any) -> TestResponse:
    return client.post("/check/", data=data | {"csrf_token": token(client, "/check/", headers)}, headers=headers)


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session, name="王小明")


def test_many_by_the_api(client: FlaskClient, employer: Headers, made: Certificate) -> None:
    asked = [{"serial": made.serial, "name": "王小明"}, {"serial": made.serial}, {"serial": "x", "name": None}]
    answer = client.post("/api/v1/verifications", json={"certificates": asked}, headers=employer)
    assert answer.status_code == 200
    told = answer.json["results"]
    assert [one["verdict"] for one in told] == ["valid", "valid", "unknown"]
    assert [one["holder"] for one in told] == ["王小明", "王*", None]
    assert [one["name_matches"] for one in told] == [True, None, None]
    assert (told[0]["level_name"], told[0]["demonstration"]) == ("初级", True)
    assert answer.json["left_today"] == 10_000 - 3


@pytest.mark.parametrize(
    "body",
    [{}, {"certificates": []}, {"certificates": [{"serial": ""}]}, {"certificates": [{"serial": "x"}] * 501},
     {"certificates": [{"serial": "x", "name": "y" * 201}]}, {"certificates": [{"serial": "x", "more": 1}]}],
)  # fmt: skip
def test_bodies_that_do_not_fit(client: FlaskClient, employer: Headers, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/verifications", json=body, headers=employer).status_code == 422


def test_the_quota_of_a_day(
    store: Flask, client: FlaskClient, employer: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store.extensions, "settings", replace(store.extensions["settings"], verifier_daily_quota=2))
    body = {"certificates": [{"serial": "x"}] * 2}
    assert client.post("/api/v1/verifications", json=body, headers=employer).status_code == 200
    refused = client.post("/api/v1/verifications", json=body, headers=employer)
    assert (refused.status_code, refused.json["error"]["code"]) == (429, "quota_exhausted")
    assert send(client, employer, pasted="x").status_code == 429


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VERIFIER])
def test_nobody_else(store: Flask, client: FlaskClient, session: Session, role: Role) -> None:
    headers = people.bearer(store, session, people.user(session, role))
    assert (
        client.post("/api/v1/verifications", json={"certificates": [{"serial": "x"}]}, headers=headers).status_code
        == 403
    )
    assert client.get("/check/", headers=headers).status_code == 403


def test_an_employer_sees_nothing_else(client: FlaskClient, employer: Headers, made: Certificate) -> None:
    assert client.get("/", headers=employer).location == "/check/"
    for address in ("/register/", f"/api/v1/certificates/{made.serial}", "/api/v1/certificates"):
        assert client.get(address, headers=employer).status_code in (403, 404)


def test_pasted_lines_are_answered_on_the_page(client: FlaskClient, employer: Headers, made: Certificate) -> None:
    pasted = f"{made.serial}，王小明\n{made.serial}，<b>王小红</b>\n301011-2026-AAAA-AAAAA"
    page = send(client, employer, pasted=pasted, answer="page")
    assert page.status_code == 200
    assert "&lt;b&gt;王小红&lt;/b&gt;" in page.text
    assert "登记册中该编号" in page.text


def test_a_list_comes_back_in_its_own_form(client: FlaskClient, employer: Headers, made: Certificate) -> None:
    rows = [["证书编号", "姓名"], [made.serial, "王小明"], ["=1+1", "@x"]]
    sent = {"file": (io.BytesIO(workbook(rows)), "list.xlsx"), "answer": "file"}
    back = send(client, employer, **sent)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(back.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == [made.serial, "=1+1"]
    text = "\n".join(",".join(row) for row in rows).encode()
    back = send(client, employer, file=(io.BytesIO(text), "list.csv"), answer="file")
    table = list(csv.reader(io.StringIO(back.data.decode("utf-8-sig"))))
    assert [row[:2] for row in table[1:]] == [[made.serial, "王小明"], ["'=1+1", "'@x"]]


@pytest.mark.parametrize("data", [{}, {"pasted": "  "}, {"file": (io.BytesIO(b"\xff\xfe\x00\x00"), "x.csv")}])
def test_what_cannot_be_read_says_what_to_do(client: FlaskClient, employer: Headers, data: dict[str, Any]) -> None:
    page = send(client, employer, **data)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
