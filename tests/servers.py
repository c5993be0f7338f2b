"""Databases for tests: one per test process, copied from a template that the migrations made.

Several test runs may go on in one checkout. Each process holds a numbered slot, which names its database and its
Redis number; the kernel frees a slot when its holder dies, and the next holder starts it afresh.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import redis
import sqlalchemy as sa

from app.config import Settings
from app.core.errors import Refusal
from deploy import local, places

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve() / "test"
MIGRATIONS = ROOT / "migrations"
SLOTS = 100
LOCK_PATIENCE = "60s"
"""A test that leaves a transaction open makes the next one fail, and not wait for ever."""


def _lock(name: str, how: int) -> IO[str]:
    handle = (places.prepare(DATA) / name).open("a")
    try:
        fcntl.flock(handle, how)
    except OSError:
        handle.close()
        raise
    return handle


@contextmanager
def in_use() -> Iterator[None]:
    """Held for a whole test run; the last run to leave stops the servers."""
    handle = _lock("in-use.lock", fcntl.LOCK_SH)
    try:
        yield
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        local.stop(DATA)
    finally:
        handle.close()


@contextmanager
def slot() -> Iterator[int]:
    for number in range(1, SLOTS):
        try:
            handle = _lock(f"slot-{number}.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        with handle:
            yield number
            return
    raise RuntimeError("All test databases are in use")


def server() -> sa.URL:
    """The embedded server, or the one that TEST_DATABASE_URL names (its role must be allowed to create databases)."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return sa.make_url(given)
    try:
        return sa.make_url(local.ensure_database(DATA, durable=False))
    except Refusal:  # it runs without fsync, so a crash of the machine may have spoilt it
        shutil.rmtree(places.cluster_of(DATA))
        return sa.make_url(local.ensure_database(DATA, durable=False))


@contextmanager
def database(number: int, settings: Settings) -> Iterator[str]:
    """A database of one's own, in the form that the migrations give it."""
    url = server()
    name = f"exam_test_{number}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as link, _lock("template.lock", fcntl.LOCK_EX):
        template = _template(link, url, settings)
        if "TEST_DATABASE_URL" not in os.environ:
            _let_guards_be_passed(url)
        link.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        link.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        link.exec_driver_sql(f'ALTER DATABASE "{name}" SET lock_timeout = {LOCK_PATIENCE!r}')
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as link:
        link.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _let_guards_be_passed(url: sa.URL) -> None:
    """The role stays an ordinary one, that may do what only emptying does: see tests/emptying.py."""
    engine = sa.create_engine(url.set(username="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as link:
        link.exec_driver_sql(f'GRANT SET ON PARAMETER session_replication_role TO "{url.username}"')


def _template(link: sa.Connection, url: sa.URL, settings: Settings) -> str:
    """Made once for each state of the migrations, and kept between runs."""
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.rglob("*.py")):
        digest.update(path.read_bytes())
    name = f"exam_template_{digest.hexdigest()[:12]}"
    databases = sa.text("SELECT datname FROM pg_database WHERE datname LIKE 'exam\\_template\\_%'")
    present = set(link.scalars(databases))
    if name not in present:
        for old in present:
            link.exec_driver_sql(f'DROP DATABASE "{old}" WITH (FORCE)')
        unfinished = "exam_migrating"
        link.exec_driver_sql(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
        link.exec_driver_sql(f'CREATE DATABASE "{unfinished}"')
        migrate(replace(settings, database_url=url.set(database=unfinished).render_as_string(hide_password=False)))
        link.exec_driver_sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def migrate(settings: Settings, revision: str = "head") -> None:
    import flask_migrate

    from app.core.db import db
    from app.factory import create_app

    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)
        db.engine.dispose()


@contextmanager
def cache(number: int) -> Iterator[str]:
    given = os.environ.get("TEST_REDIS_URL") or local.ensure_redis(DATA)
    url = given.split("?")[0].rstrip("/") + (f"?db={number}" if given.startswith("unix:") else f"/{number}")
    with redis.Redis.from_url(url) as link:
        link.flushdb()
    yield url
