"""While the database is away every door says so, in its own form, and asks nobody who is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.pool import QueuePool

from app.config import Settings
from app.core.db import db
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


def test_too_many_at_once_are_told_to_try_again(store: Flask, app_settings: Settings) -> None:
    """Whoever waited in vain for a connection has met no fault of the engine."""
    app = create_app(app_settings)
    with app.test_request_context():
        engine, token = db.engine, {"Authorization": f"Bearer {bearer_token(Login(id=uuid4()))}"}
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    with ExitStack() as lent:
        lent.callback(app.extensions["store"].close)
        lent.callback(engine.dispose)
        for _ in range(pool.size() + pool._max_overflow):
            lent.enter_context(engine.connect())
        pool._timeout = 0.01
        answer = app.test_client().get("/api/v1/attempts", headers=token)
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
        assert answer.get_json()["error"]["code"] == "unavailable"
        assert app.test_client().get("/my/", headers=token).status_code == 503
