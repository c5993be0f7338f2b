"""Accounts on screen."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.models.account import Role, User
from tests.factories import people
from tests.web.visits import token, visitor

Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def administrator(store: Flask, session: Session) -> Headers:
    return people.bearer(store, session, people.user(session, Role.ADMINISTRATOR))


def test_an_account_is_made_with_a_password_shown_once(
    client: FlaskClient, session: Session, administrator: Headers
) -> None:
    form = {"name": "许明远", "username": "xu-mingyuan", "organization": "", "roles": ["proctor", "examiner"]}
    form["csrf_token"] = token(client, "/accounts/new", administrator)
    page = client.post("/accounts/new", data=form, headers=administrator).text
    user = session.scalars(select(User).where(User.username == "xu-mingyuan")).one()
    shown = re.findall(r"<code>([^<]+)</code>", page)
    assert user.roles == {Role.PROCTOR, Role.EXAMINER}
    assert passwords.matches(user.password_hash, shown[1])
    again = client.post("/accounts/new", data=form, headers=administrator)
    assert again.status_code == 422
    assert "xu-mingyuan" in again.text


def test_roles_password_and_closing(client: FlaskClient, session: Session, administrator: Headers) -> None:
    user = people.user(session, Role.PROCTOR, name="欧阳明")
    session.commit()
    address = f"/accounts/{user.id}"
    assert address in client.get("/accounts/?role=proctor&text=欧阳", headers=administrator).text
    form = {"roles": ["author"], "organization": "东湖学校", "csrf_token": token(client, address, administrator)}
    assert client.post(address, data=form, headers=administrator).status_code == 303
    assert client.post(f"{address}/password", headers=administrator).status_code == 200
    assert client.post(f"{address}/close", headers=administrator).status_code == 303
    session.expire_all()
    assert (user.roles, user.organization, user.active) == ({Role.AUTHOR}, "东湖学校", False)
    assert not passwords.matches(user.password_hash, people.PASSWORD)
    assert client.post(f"{address}/reopen", headers=administrator).status_code == 303


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_comes_near(client: FlaskClient, store: Flask, session: Session, role: Role) -> None:
    headers = people.bearer(store, session, people.user(session, role))
    assert client.get("/accounts/", headers=headers).status_code == 403
    assert client.post("/accounts/1/close", headers=headers).status_code == 403


def test_an_account_that_is_not_there(client: FlaskClient, administrator: Headers) -> None:
    assert client.get("/accounts/4711", headers=administrator).status_code == 404
