"""Accounts and log-ins for tests. All share one password, hashed once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.models.account import Login, LoginKind, Role, RoleGrant, User
from app.web.access import bearer_token

PASSWORD = "eight horses pull"
_numbers = count(1)


@cache
def _hashed() -> str:
    return passwords.hashed(PASSWORD)


def user(session: Session, *roles: Role, name: str = "", organization: str = "") -> User:
    what, number = roles[0] if roles else "nobody", next(_numbers)
    made = User(
        username=f"{what}-{number}",
        password_hash=_hashed(),
        name=name or f"{what} {number}",
        organization=organization,
        grants=[RoleGrant(role=role) for role in roles],
    )
    session.add(made)
    session.flush()
    return made


def login(session: Session, person: User, at: datetime | None = None, kind: LoginKind = LoginKind.TOKEN) -> Login:
    at = at or datetime.now(UTC)
    made = Login(user=person, kind=kind, created_at=at, expires_at=at + timedelta(hours=12))
    session.add(made)
    session.flush()
    return made


def bearer(app: Flask, session: Session, person: User) -> dict[str, str]:
    """The header of a new log-in, committed so that a request finds it."""
    token = bearer_token(login(session, person))
    session.commit()
    return {"Authorization": f"Bearer {token}"}
