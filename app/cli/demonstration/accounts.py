"""Accounts of a demonstration, each with a random password of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.many import NewAccount, create_users
from app.core.audit import Actor
from app.models.account import Role


@dataclass(frozen=True)
class Account:
    user_id: int
    username: str
    password: str
    name: str

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, self.name, "cli")

    def login(self) -> dict[str, str]:
        return {"username": self.username, "password": self.password}


def run_token() -> str:
    """Tells the people of one demonstration from those of the next."""
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(4))


def make_accounts(
    session: Session, actor: Actor, role: Role, names: Sequence[str], run: str, organization: str = ""
) -> list[Account]:
    digits = max(2, len(str(len(names))))
    wanted = [
        NewAccount(f"{role.value}-{run}-{number:0{digits}}", passwords.generated(), name)
        for number, name in enumerate(names, start=1)
    ]
    numbers = create_users(session, actor, role, wanted, organization)
    return [Account(number, one.username, one.password, one.name) for number, one in zip(numbers, wanted, strict=True)]
