"""What an administrator does with accounts: find them, change their roles, close and reopen them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.models.account import Login, Role, RoleGrant, User

PAGE = 50


def accounts(session: Session, *, role: str = "", text: str = "", page: int = 1) -> tuple[Sequence[User], int]:
    """One page by name, and how many there are in all."""
    fitting: list[ColumnElement[bool]] = []
    if role:
        fitting.append(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == role)))
    if text.strip():
        names = (User.name, User.username, User.organization)
        fitting.append(or_(*(name.contains(text.strip(), autoescape=True) for name in names)))
    total = session.scalar(select(func.count(User.id)).where(*fitting)) or 0
    rows = select(User).where(*fitting).order_by(User.name, User.id).offset((page - 1) * PAGE).limit(PAGE)
    return session.scalars(rows).all(), total


def account(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound()
    return user


def set_roles(session: Session, actor: Actor, user_id: int, roles: Iterable[Role], organization: str) -> User:
    """Nobody takes the administration away from themselves, so that one administrator always remains."""
    user, wanted = _locked(session, user_id), frozenset(roles)
    if user.id == actor.user_id and Role.ADMINISTRATOR not in wanted:
        raise _oneself()
    if len(organization) > 200:
        raise Refusal("text_too_long", N_("Employer or school takes at most 200 characters."))
    before = user.roles
    user.grants = [RoleGrant(user_id=user.id, role=role) for role in sorted(wanted - before)] + [
        grant for grant in user.grants if Role(grant.role) in wanted
    ]
    user.organization = organization.strip()
    session.flush()
    audit.record(session, "user:roles:changed", actor, "user", user.id, before=sorted(before), after=sorted(wanted))
    return user


def set_active(session: Session, actor: Actor, user_id: int, active: bool, now: datetime) -> User:
    """Closing an account ends its log-ins at once; what the person did stays on record."""
    user = _locked(session, user_id)
    if user.id == actor.user_id and not active:
        raise _oneself()
    if user.active == active:
        return user
    user.active = active
    if not active:
        _end_logins(session, user_id, now)
    audit.record(session, "user:reopened" if active else "user:closed", actor, "user", user.id)
    return user


def renew_password(session: Session, actor: Actor, user_id: int, now: datetime) -> str:
    """A new random password, shown once; the old one and every log-in with it end."""
    user, password = _locked(session, user_id), passwords.generated()
    user.password_hash = apart(passwords.hashed, password)
    _end_logins(session, user_id, now)
    audit.record(session, "user:password:renewed", actor, "user", user.id)
    return password


def _end_logins(session: Session, user_id: int, now: datetime) -> None:
    session.execute(update(Login).where(Login.user_id == user_id, Login.ended_at.is_(None)).values(ended_at=now))


def _locked(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update={"of": User}, populate_existing=True)
    if user is None:
        raise NotFound()
    return user


def _oneself() -> Refusal:
    return Refusal(
        "own_account", N_("Nobody closes or demotes their own account. Ask another administrator."), status=409
    )
