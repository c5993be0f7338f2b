"""Many accounts of one role at once, each with a generated password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.users import check_account
from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import tidy
from app.models.account import Role, RoleGrant, User


@dataclass(frozen=True)
class NewAccount:
    username: str
    password: str
    """Made by `passwords.generated`, never chosen by a person."""
    name: str


def create_users(
    session: Session, actor: Actor, role: Role, accounts: Sequence[NewAccount], organization: str = ""
) -> list[int]:
    """The numbers of the new accounts in the order given; all of them or none."""
    for account in accounts:
        check_account(account.username, account.name, account.password)
    if not accounts:
        return []
    rows = [
        {"username": account.username, "password_hash": passwords.hashed_generated(account.password),
         "name": tidy(account.name), "organization": organization}
        for account in accounts
    ]  # fmt: skip
    try:
        with session.begin_nested():
            numbers = list(session.scalars(insert(User).returning(User.id, sort_by_parameter_order=True), rows))
    except IntegrityError as error:
        raise Refusal("username_taken", N_("One of the user names is taken. Choose others."), status=409) from error
    session.execute(insert(RoleGrant), [{"user_id": number, "role": role} for number in numbers])
    said = [{"username": account.username, "roles": [role]} for account in accounts]
    audit.record_many(session, "user:created", actor, "user", list(zip(numbers, said, strict=True)))
    return numbers
