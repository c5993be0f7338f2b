"""Many people with both parts passed and released, seated in one session: whom a batch of certificates is for."""

from __future__ import annotations

import json

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.schemes.scheme import scheme

SCHEME, LEVEL = "PTS152010301-01", "junior"
_ROWS = json.dumps({"rows": [{"no": "一", "name": "基础知识", "marks": "8", "of": "10"}]}, ensure_ascii=False)
_STATEMENTS = (
    "INSERT INTO user_account (username, password_hash, name) SELECT 'graduate-' || n, '', 'graduate'"
    " FROM generate_series(1, :many) n",
    "INSERT INTO candidate (user_id, name, identity_type, identity_cipher, identity_hash, identity_masked, photo)"
    " SELECT id, substr('王李张刘陈杨赵黄周吴', 1 + CAST(id % 10 AS int), 1)"
    " || substr('明芳伟娜敏静磊洋艳勇杰娟涛超秀霞平刚桂英', 1 + CAST((id / 10) % 20 AS int), 1)"
    " || substr('明芳伟娜敏静磊洋艳勇杰娟涛超秀霞平刚桂英', 1 + CAST((id / 200) % 20 AS int), 1),"
    " 'passport', '', username, '', :photo FROM user_account WHERE starts_with(username, 'graduate-')",
    "INSERT INTO application (candidate_id, scheme, level, status, occupation, training_hours, training_mode,"
    " demonstration) SELECT c.id, :scheme, :level, 'admitted', :occupation, :hours, :mode, true FROM candidate c"
    " JOIN user_account u ON u.id = c.user_id WHERE u.name = 'graduate'",
    "INSERT INTO document (application_id, kind, filename, media_type, content, sha256)"
    " SELECT id, 'training', 't.pdf', 'application/pdf', '', '' FROM application WHERE training_hours = :hours",
    "INSERT INTO site (name, capacity, has_network, has_monitoring) VALUES ('graduates', 100000, true, true)",
    "INSERT INTO exam_session (scheme, level, part, site_id, opens_at, closes_at, minutes, late_entry_minutes,"
    " hold_minutes, state, released_at, demonstration) SELECT :scheme, :level, p, max(site.id), now() - interval"
    " '9 hours', now() - interval '2 hours', 120, 30, 0, 'released', now(), true FROM site,"
    " unnest(ARRAY['theory', 'practical']) p GROUP BY p",
    "INSERT INTO seat (session_id, application_id, number) SELECT s.id, a.id, row_number() OVER (PARTITION BY s.id"
    " ORDER BY a.id) FROM exam_session s, application a WHERE s.site_id = (SELECT max(id) FROM site)"
    " AND a.training_hours = :hours AND a.demonstration",
    "INSERT INTO part_result (application_id, session_id, part, score, passed, breakdown, released_at, valid_until)"
    " SELECT s.application_id, s.session_id, e.part, 78.5, true, CAST(:rows AS jsonb), now(), now() + interval '1 year'"
    " FROM seat s JOIN exam_session e ON e.id = s.session_id WHERE e.site_id = (SELECT max(id) FROM site)",
    "ANALYZE",
)


def graduates(session: Session, many: int, photo: bytes) -> int:
    """The number of their theory session; committed."""
    level = scheme(SCHEME).level(LEVEL)
    told = {
        "many": many, "photo": photo, "scheme": SCHEME, "level": LEVEL, "hours": level.training_hours,
        "occupation": level.eligibility.any_of[0], "mode": level.training_modes[0], "rows": _ROWS,
    }  # fmt: skip
    for one in _STATEMENTS:
        session.execute(text(one), told)
    session.commit()
    found = session.scalar(text("SELECT max(id) FROM exam_session WHERE part = 'theory'"))
    return int(found or 0)
