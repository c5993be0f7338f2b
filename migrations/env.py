"""Runs migrations on the database of the settings."""

from __future__ import annotations

from alembic import context
from flask import current_app

import app.models  # noqa: F401  # every table known
from app.core.db import Base, db


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
        with context.begin_transaction():
            context.run_migrations()


assert current_app, "run migrations by `flask db`"
run()
