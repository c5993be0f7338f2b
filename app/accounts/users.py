"""Accounts: making them, logging in and out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.accounts import passwords
from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.core.texts import is_plain, tidy
from app.models.account import Login, LoginKind, Role, RoleGrant, User

LOGIN_LASTS = timedelta(hours=12)


def create_user(
    session: Session,
    actor: Actor,
    *,
    username: str,
    password: str,
    name: str,
    roles: Iterable[Role],
    organization: str = "",
) -> User:
    """A new account. Refuses a name that is taken, empty or over-long, and a short password."""
    check_account(username, name, password)
    user = User(
        username=username,
        password_hash=apart(passwords.hashed, password),
        name=tidy(name),
        organization=organization,
        grants=[RoleGrant(role=role) for role in sorted(set(roles))],
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise Refusal(
            "username_taken", N_("The user name “%(name)s” is taken. Choose another one."), status=409, name=username
        ) from error
    audit.record(session, "user:created", actor, "user", user.id, username=username, roles=sorted(user.roles))
    return user


def check_account(username: str, name: str, password: str) -> None:
    if not 3 <= len(username) <= 64 or any(c.isspace() or not c.isprintable() for c in username):
        raise Refusal(
            "username_invalid", N_("The user name needs 3 to 64 characters without spaces. Choose another one.")
        )
    if not 1 <= len(name.strip()) <= 200:
        raise Refusal("name_invalid", N_("Give the person's name, with at most 200 characters."))
    if not is_plain(name):
        raise Refusal("text_unprintable", N_("A text holds a character that cannot be printed. Remove it."))
    if len(password) < passwords.MINIMUM_LENGTH:
        raise Refusal(
            "password_short",
            N_("The password needs at least %(count)s characters. Choose a longer one."),
            count=passwords.MINIMUM_LENGTH,
        )


@dataclass(frozen=True)
class Visit:
    """By what, when and from where somebody comes."""

    kind: LoginKind
    at: datetime
    address: str = ""
    agent: str = ""


def log_in(session: Session, username: str, password: str, visit: Visit) -> Login:
    """A new log-in. One refusal for a wrong name, a wrong password and a closed account alike."""
    user = session.scalar(select(User).where(User.username == username))
    fits = apart(passwords.matches, user.password_hash if user else None, password)
    if not fits or user is None or not user.active:
        raise Refusal(
            "login_failed", N_("User name and password do not fit together. Check both and try again."), status=401
        )
    return begin_login(session, user, visit)


def begin_login(session: Session, user: User, visit: Visit) -> Login:
    login = Login(
        user=user,
        kind=visit.kind,
        created_at=visit.at,
        expires_at=visit.at + LOGIN_LASTS,
        address=visit.address,
        agent=visit.agent[:300],
    )
    session.add(login)
    session.flush()
    audit.record(session, "login:begun", Actor(user.id, user.name, visit.kind), "user", user.id, address=visit.address)
    return login


def standing_login(session: Session, login_id: UUID, now: datetime) -> Login | None:
    """The log-in if it still holds: not ended, not expired, its account active."""
    whole = joinedload(Login.user).joinedload(User.grants)
    login = session.get(Login, login_id, options=[whole])
    if login is None or login.ended_at is not None or login.expires_at <= now or not login.user.active:
        return None
    return login


def log_out(session: Session, login_id: UUID, now: datetime) -> None:
    login = session.get(Login, login_id)
    if login and login.ended_at is None:
        login.ended_at = now
        actor = Actor(login.user_id, login.user.name, login.kind)
        audit.record(session, "login:ended", actor, "user", login.user_id)


def confirm_password(session: Session, user_id: int | None, password: str) -> None:
    """Somebody logged in says once more that it is them, before what only they may do."""
    user = session.get(User, user_id) if user_id is not None else None
    if user is None or not apart(passwords.matches, user.password_hash, password):
        raise Refusal("password_wrong", N_("This is not your password. Type it again."))
