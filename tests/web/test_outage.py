"""While the database is away every door says so, in its own form, and asks nobody who is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from app.models.account import Login
from app.web.access import bearer_token

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"
BATCH = {"client": str(uuid4()), "changes": []}


@pytest.fixture(scope="module")
def cut_off(base_settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(base_settings, database_url=NOWHERE))
    yield app
    app.extensions["store"].close()


@pytest.fixture
def headers(cut_off: Flask) -> dict[str, str]:
    with cut_off.test_request_context():
        return {"Authorization": f"Bearer {bearer_token(Login(id=uuid4()))}"}


@pytest.mark.parametrize(("method", "path"), [("GET", "/attempts"), ("POST", "/attempts/1/changes")])
def test_a_program_is_told_to_try_again(cut_off: Flask, headers: dict[str, str], method: str, path: str) -> None:
    answer = cut_off.test_client().open(f"/api/v1{path}", method=method, json=BATCH, headers=headers)
    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "unavailable"
    assert answer.headers["Retry-After"]


def test_a_person_sees_a_page(cut_off: Flask, headers: dict[str, str]) -> None:
    client: FlaskClient = cut_off.test_client()
    answer = client.get("/my/", headers=headers)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
