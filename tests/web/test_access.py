"""Least privilege: every route and API call, for every role, answers as this table says."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import people
from tests.web.access_table import ANYONE, LOGGED_IN, OWNER, TABLE

VISITORS: list[Role | None] = [None, *Role]


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of everything the application answers to, with 1 for every parameter."""
    return [
        (rule.endpoint, method, re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_the_table_names_every_route_and_nothing_else(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in calls(app)} == set(TABLE)


@pytest.mark.parametrize("role", VISITORS, ids=str)
def test_every_call_answers_the_role_as_the_table_says(
    app: Flask, session: Session, client: FlaskClient, role: Role | None
) -> None:
    headers = people.bearer(app, session, people.user(session, role)) if role else {}
    wrong = []
    for endpoint, method, address in calls(app):
        if endpoint in {"static", "api.tokens_end", "account.logout"}:
            continue  # they answer everybody; logging out would end the log-in under test
        allowed = TABLE[endpoint]
        answer = client.open(address, method=method, headers={**headers, "Accept": "application/json"}, json={})
        if answer.status_code >= 500 and endpoint != "public.ready":
            wrong.append((endpoint, method, answer.status_code))
        elif allowed == ANYONE or (role and allowed == LOGGED_IN):
            if answer.status_code in {401, 403}:
                wrong.append((endpoint, method, answer.status_code))
        elif role is None:
            stopped = {401} if endpoint.startswith("api.") else {401, 400}  # 400: a page's form without its token
            if answer.status_code not in stopped:
                wrong.append((endpoint, method, answer.status_code))
        elif allowed == OWNER:
            if answer.status_code not in {403, 404, 422}:
                wrong.append((endpoint, method, answer.status_code))
        elif (answer.status_code == 403) == (role in allowed):
            wrong.append((endpoint, method, answer.status_code))
    assert not wrong


def test_a_browser_is_led_to_the_login_and_back(client: FlaskClient) -> None:
    answer = client.get("/audit/?tag=user")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/audit/?tag%3Duser"


def test_a_form_without_the_token_of_its_page_changes_nothing(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    person = people.user(session, Role.REGISTRAR)
    session.commit()
    page = client.get("/login").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    form = {"username": person.username, "password": people.PASSWORD, "csrf_token": token[1]}
    assert client.post("/login", data=form).status_code == 303
    forged = client.post("/api/v1/sessions", json={}, headers={"Accept": "application/json"})
    assert (forged.status_code, forged.json["error"]["code"]) == (400, "csrf")


def test_a_program_without_a_login_is_told_to_log_in(client: FlaskClient) -> None:
    answer = client.post("/api/v1/sessions", json={})
    assert answer.status_code == 401
    assert "login_required" in answer.text
