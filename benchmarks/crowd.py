"""A session grown to any size by copying its first candidate: seats, attempts at work, and every answer given."""

from __future__ import annotations

from sqlalchemy import text

from app.core.db import db

BATCH = 1000
_PEOPLE = """
WITH pattern AS (
    SELECT s.session_id, a.paper_id, p.scheme, p.level,
           (SELECT max(number) FROM seat WHERE session_id = s.session_id) AS last
      FROM seat s JOIN attempt a ON a.seat_id = s.id JOIN application p ON p.id = s.application_id
     WHERE s.session_id = :session ORDER BY s.number LIMIT 1
), account AS (
    INSERT INTO user_account (username, password_hash, name)
    SELECT 'crowd-' || n, '', 'Crowd ' || n FROM generate_series(CAST(:first AS bigint), :last) n RETURNING id
), person AS (
    INSERT INTO candidate (user_id, name, identity_type, identity_cipher, identity_hash, identity_masked)
    SELECT id, '考生 ' || id, 'resident', '', 'crowd-' || id, '****' FROM account RETURNING id, user_id
), asked AS (
    INSERT INTO application (candidate_id, scheme, level, status) SELECT person.id, scheme, level, 'admitted'
      FROM person, pattern RETURNING id, candidate_id
), place AS (
    INSERT INTO seat (session_id, application_id, number)
    SELECT session_id, asked.id, last + row_number() OVER (ORDER BY asked.id) FROM asked, pattern
    RETURNING id, application_id
)
INSERT INTO attempt (session_id, seat_id, user_id, paper_id, state, started_at, deadline, client, last_seq,
                     last_saved_at)
SELECT session_id, place.id, person.user_id, paper_id, 'in_progress', now(), now() + interval '2 hours',
       gen_random_uuid(), 90, now()
  FROM place JOIN asked ON asked.id = place.application_id JOIN person ON person.id = asked.candidate_id, pattern
RETURNING id
"""
_ANSWERS = """
INSERT INTO response (attempt_id, position, answer, flagged, seq, saved_at)
SELECT a, position, ARRAY['A'], position % 30 = 0, position, now()
  FROM unnest(CAST(:attempts AS bigint[])) a, generate_series(1, 90) position
"""


def grow(session_id: int, count: int, *, answering: bool = True) -> None:
    """`count` more candidates at work in the session, each with 90 answers. Inside an application context."""
    before = int(db.session.scalar(text("SELECT count(*) FROM user_account WHERE username LIKE 'crowd-%'")) or 0)
    for first in range(before + 1, before + count + 1, BATCH):
        numbers = {"session": session_id, "first": first, "last": min(first + BATCH - 1, before + count)}
        attempts = list(db.session.scalars(text(_PEOPLE), numbers))
        if answering:
            db.session.execute(text(_ANSWERS), {"attempts": attempts})
        db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("ANALYZE"))
