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
from app.accounts.permissions import ON_THE_DAY, Permission, permissions_of
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.delivery.delivered import Kept
from app.models.account import Login, LoginKind, Role
from app.web import attempt_token

View = TypeVar("View", bound=Callable[..., Any])
login_manager = LoginManager()
_verified: Kept[tuple[Any, str], UUID] = Kept(50_000)


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
    attempt_id: int | None = None
    """The only attempt within reach of a log-in by admission code."""

    @classmethod
    def of(cls, login: Login) -> Principal:
        user = login.user
        via = "api" if login.kind == LoginKind.TOKEN or uses_bearer(request) else "screen"
        roles, on_the_day = user.roles, login.kind == LoginKind.ADMISSION
        permissions = permissions_of(roles)
        return cls(
            user.id,
            user.name,
            user.username,
            roles,
            permissions & ON_THE_DAY if on_the_day else permissions,
            login.id,
            login.created_at,
            user.locale,
            via,
            login.attempt_id,
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
    return signed_token(login.id)


def signed_token(login_id: UUID) -> str:
    """The log-in's id, signed: checked without the database, ended with the row."""
    return str(_signer(current_app.secret_key).dumps(str(login_id)))


def uses_bearer(req: Request) -> bool:
    return req.headers.get("Authorization", "").startswith("Bearer ")


def login_id_of_request() -> UUID | None:
    """The log-in the request claims, its signature checked but its row not read (the hot path does that)."""
    if uses_bearer(request):
        if (claims := attempt_token.claims_of_request()) is not None:
            return claims.login_id
        token = request.headers["Authorization"].removeprefix("Bearer ").strip()
        return login_of_token(token, current_app.secret_key or "")
    try:
        return UUID(session["_user_id"]) if "_user_id" in session else None
    except ValueError:
        return None


def login_of_token(token: str, secret: Any) -> UUID | None:
    """What a bearer token of ours names; one that held once is not computed again."""
    found = _verified.get((secret, token))
    if found is None:
        try:
            found = _verified.put((secret, token), UUID(_signer(secret).loads(token)))
        except (BadSignature, ValueError):
            return None
    return found


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
    only = principal().attempt_id if permission is not None else None
    if only is not None and (request.view_args or {}).get("attempt_id") != only:
        raise NotFound()


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


def _signer(secret: Any) -> URLSafeSerializer:
    return URLSafeSerializer(secret or "", salt="bearer")
