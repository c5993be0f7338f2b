"""Log-in of programs."""

from __future__ import annotations

from datetime import datetime

from flask.typing import ResponseReturnValue
from pydantic import Field

from app.accounts import users
from app.core import clock
from app.core.db import db
from app.models.account import LoginKind
from app.web import access
from app.web.api.operation import ANYONE, LOGGED_IN, Body, operation
from app.web.limits import login_limit


class Credentials(Body):
    username: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class Token(Body):
    token: str
    expires_at: datetime
    name: str
    roles: list[str]


@operation("POST", "/tokens", ANYONE, "Log in", body=Credentials, returns=Token, errors=(401,))
@login_limit
def create(body: Credentials) -> Token:
    login = users.log_in(
        db.session(),
        body.username,
        body.password,
        access.visit(LoginKind.TOKEN),
    )
    db.session.commit()
    return Token(
        token=access.bearer_token(login),
        expires_at=login.expires_at,
        name=login.user.name,
        roles=sorted(login.user.roles),
    )


@operation("DELETE", "/tokens/current", LOGGED_IN, "Log out", status=204)
def end() -> ResponseReturnValue:
    users.log_out(db.session(), access.principal().login_id, clock.now())
    db.session.commit()
    return "", 204
