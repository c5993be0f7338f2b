"""Migrations go up and down, and end where the models say."""

from __future__ import annotations

from dataclasses import replace

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app.config import Settings
from app.core.db import Base, db
from app.factory import create_app
from tests import servers

LEFT = """
SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT 'function ' || proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE n.nspname = 'public'
"""


@pytest.fixture
def migrated(slot: int, app_settings: Settings) -> Flask:
    """An application on a database that nothing else uses, migrated to the newest form."""
    url = servers.server()
    name = f"exam_migration_{slot}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as link:
        link.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        link.exec_driver_sql(f'CREATE DATABASE "{name}"')
    address = url.set(database=name).render_as_string(hide_password=False)
    return create_app(replace(app_settings, database_url=address))


def test_up_down_and_up_again(migrated: Flask) -> None:
    with migrated.app_context():
        for _ in range(2):
            flask_migrate.upgrade(directory=str(servers.MIGRATIONS))
            with db.engine.connect() as link:
                found = compare_metadata(MigrationContext.configure(link), Base.metadata)
                assert found == [], "the models and the migrations differ"
            flask_migrate.downgrade(directory=str(servers.MIGRATIONS), revision="base")
            with db.engine.connect() as link:
                assert list(link.scalars(sa.text(LEFT))) == []
        db.engine.dispose()
