"""Who is asking, and may they? Log-in by cookie or bearer token, and the guard every view wears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, Request, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts import users
from app.accounts.permissions import Permission, permissions_of
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.account import Login, LoginKind, Role

View = TypeVar("View", bound=Callable[..., Any])
login_manager = LoginManager()


@dataclass(frozen=True)
class Principal(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The person behind a request, as values: outlives the row it was read from."""

    user_id: int
    name: str
    username: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    login_id: UUID
    login_at: datetime
    locale: str | None
    via: str

    @classmethod
    def of(cls, login: Login) -> Principal:
        user = login.user
        via = "screen" if login.kind == LoginKind.BROWSER else "api"
        roles = user.roles
        return cls(
            user.id,
            user.name,
            user.username,
            roles,
            permissions_of(roles),
            login.id,
            login.created_at,
            user.locale,
            via,
        )

    def get_id(self) -> str:
        return str(self.login_id)

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, self.name, self.via)

    def may(self, permission: Permission | str) -> bool:
        return permission in self.permissions


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None

    @app.context_processor
    def _permissions() -> dict[str, Any]:
        return {"Permission": Permission, "principal": principal_or_none()}


def principal() -> Principal:
    """The person asking; only behind `@requires`."""
    return cast(Principal, current_user._get_current_object())


def principal_or_none() -> Principal | None:
    return principal() if current_user and current_user.is_authenticated else None


def begin_browser_login(login: Login) -> None:
    session.clear()
    login_user(Principal.of(login))


def visit(kind: LoginKind) -> users.Visit:
    return users.Visit(kind, clock.now(), request.remote_addr or "", request.user_agent.string)


def bearer_token(login: Login) -> str:
    """The log-in's id, signed: checked without the database, ended with the row."""
    return str(_signer().dumps(str(login.id)))


def uses_bearer(req: Request) -> bool:
    return req.headers.get("Authorization", "").startswith("Bearer ")


def login_id_of_request() -> UUID | None:
    """The log-in the request claims, its signature checked but its row not read (the hot path does that)."""
    try:
        if uses_bearer(request):
            return UUID(_signer().loads(request.headers["Authorization"].removeprefix("Bearer ").strip()))
        return UUID(session["_user_id"]) if "_user_id" in session else None
    except (BadSignature, ValueError):
        return None


def requires(permission: Permission | None) -> Callable[[View], View]:
    """Let in who may; None asks only for a log-in. Pages lead to the log-in, the API answers 401 or 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check(permission)
            return view(*args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]  # read by the role table's test
        return cast(View, guarded)

    return guard


def check(permission: Permission | None) -> None:
    if not current_user.is_authenticated:
        raise Refusal("login_required", N_("Log in first, then try again."), status=401)
    if permission is not None and permission not in principal().permissions:
        raise Refusal(
            "forbidden", N_("Your account may not do this. Ask the certifying body if you think it should."), status=403
        )


def to_login() -> Any:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.login", next=target))


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _from_cookie(login_id: str) -> Principal | None:
    return None if uses_bearer(request) else _standing(UUID(login_id))


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _from_bearer(req: Request) -> Principal | None:
    login_id = login_id_of_request() if uses_bearer(req) else None
    return _standing(login_id) if login_id else None


def _standing(login_id: UUID) -> Principal | None:
    if "principal" not in g:
        login = users.standing_login(db.session(), login_id, clock.now())
        g.principal = Principal.of(login) if login else None
    return cast("Principal | None", g.principal)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="bearer")
