"""flask register-keys list | withdraw"""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from certificates.twin import published

group = AppGroup("register-keys", help="The public keys of the codes, the credentials and the log.")


@group.command("list")
@command
def every() -> Any:
    """Every key that signs now or signed before, as the register publishes them."""
    settings = current_app.extensions["settings"]
    published.note_all(db.session(), settings, clock.now())
    db.session.commit()
    return published.jwks(db.session(), settings)["keys"]


@group.command("withdraw")
@click.argument("kid")
@click.option("--reason", required=True, help="Shown beside the key for ever.")
@command
def withdraw(kid: str, reason: str) -> Any:
    """Give a key up as no longer safe: nothing it signed counts by itself any more. Set another one first."""
    key = published.withdraw(db.session(), SHELL, kid, reason, clock.now())
    db.session.commit()
    return {"kid": key.kid, "purpose": key.purpose, "withdrawn_at": key.withdrawn_at, "reason": key.reason}
