"""flask user create"""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from app.accounts import passwords, users
from app.cli.output import SHELL, command
from app.core.db import db
from app.models.account import Role

group = AppGroup("user", help="Accounts.")


@group.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password", envvar="NEW_USER_PASSWORD", help="Left out: a random one is made and printed.")
@click.option("--organization", default="")
@command
def create(username: str, name: str, roles: tuple[str, ...], password: str | None, organization: str) -> Any:
    """Make an account, for example the first administrator."""
    password = password or passwords.generated()
    user = users.create_user(
        db.session(),
        SHELL,
        username=username,
        password=password,
        name=name,
        roles=map(Role, roles),
        organization=organization,
    )
    db.session.commit()
    return {"id": user.id, "username": username, "password": password, "roles": sorted(user.roles)}
