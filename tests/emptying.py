"""A test's rows are gone after it: deleted where there are any, at a tenth of what truncating every table costs."""

from __future__ import annotations

from functools import cache

import redis
import sqlalchemy as sa
from flask import Flask

from app.core.db import Base, db
from app.delivery import papers

END_LEFT_OPEN = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
   AND state LIKE 'idle in transaction%'
"""
MAY_DELETE = "SELECT has_parameter_privilege(current_user, 'session_replication_role', 'SET')"
TRUNCATE = "TRUNCATE {tables} RESTART IDENTITY CASCADE"
"""On a server whose role may not pass the guards."""
DELETE = """
DO $$
DECLARE one regclass;
BEGIN
  SET LOCAL session_replication_role = replica;
  LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
  FOR one IN SELECT name FROM unnest('{{{tables}}}'::regclass[]) AS name WHERE pg_relation_size(name) > 0
  LOOP
    EXECUTE 'DELETE FROM ' || one;
  END LOOP;
  PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""
"""Past the guards against deleting, and without looking for rows that refer to a row: they go as well. The lock
waits for whoever still writes, as truncating would."""
WRITTEN = "SELECT name::text FROM unnest('{{{tables}}}'::regclass[]) AS name WHERE pg_relation_size(name) > 0"
"""Vacuumed afterwards: the next test's rows lie in the order in which it makes them, as in new tables."""


def empty(app: Flask, redis_url: str) -> None:
    with app.app_context():
        db.session.remove()
        db.session.execute(sa.text(END_LEFT_OPEN))  # a failed test's traceback keeps its transaction alive
        passes = db.session.scalar(sa.text(MAY_DELETE))
        db.session.execute(sa.text(_of_all_tables(DELETE if passes else TRUNCATE)))
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            if written := link.scalars(sa.text(_of_all_tables(WRITTEN))).all():
                link.execute(sa.text(f"VACUUM (SKIP_LOCKED, SKIP_DATABASE_STATS) {', '.join(written)}"))
    papers.forget()  # numbers begin again, and would name other papers
    with redis.Redis.from_url(redis_url) as link:
        link.flushdb()  # and signs of life that another test's attempts gave


@cache
def _of_all_tables(statement: str) -> str:
    return statement.format(tables=", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables))
