"""A registrar with a browser that needs no script."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import people
from tests.web.visits import visitor


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def registrar(store: Flask, session: Session) -> dict[str, str]:
    return people.bearer(store, session, people.user(session, Role.REGISTRAR))
