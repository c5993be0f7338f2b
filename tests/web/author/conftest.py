"""An author and a reviewer at their desks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.web.author.desk import Desk


@pytest.fixture
def author(store: Flask, session: Session) -> Desk:
    return Desk(store, session, Role.AUTHOR)


@pytest.fixture
def reviewer(store: Flask, session: Session) -> Desk:
    return Desk(store, session, Role.REVIEWER)
