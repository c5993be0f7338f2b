"""What every connection to the database has in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from app.core import clock
from app.core.db import db
from app.delivery.direct import Line


@pytest.fixture
def address(store: Flask) -> Iterator[str]:
    """That of a database whose server was installed in another zone, and writes dates its own way."""
    with store.app_context():
        address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as link:
            alter = sql.SQL("ALTER DATABASE {} ").format(sql.Identifier(link.info.dbname))
            link.execute(alter + sql.SQL("SET timezone = 'America/St_Johns'"))
            link.execute(alter + sql.SQL("SET datestyle = 'SQL, DMY'"))
            db.session.remove()
            db.engine.dispose()
            yield address
            link.execute(alter + sql.SQL("RESET ALL"))


def test_times_are_told_in_utc_whatever_the_database_server_is_set_to(address: str) -> None:
    line = Line(address)
    told = line.run(lambda cursor: cursor.execute("SELECT clock_timestamp()").fetchall())
    line.close()
    assert [one.utcoffset() for one in (clock.now(), told[0][0])] == [timedelta(), timedelta()]
