"""The append-only record of decisions, and the chain that shows any later change to it.

A decision writes its line in its own transaction and waits for nobody. One sealer at a time numbers the lines
it finds unsealed and chains each to the one before by SHA-256, so a changed, missing or moved line shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.audit_floor import Floor

GENESIS = "0" * 64
_SEALER_LOCK = 0x5EA1
_LAST = 2**63 - 1
_floor = Floor()
_INSERT = text(
    "INSERT INTO audit_line (at, tag, actor_id, actor_name, via, subject, subject_id, data)"
    " SELECT clock_timestamp(), :tag, :actor_id, :actor_name, :via, :subject, l.subject_id, l.data"
    " FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS l(subject_id text, data jsonb)"
)
_WAITING = text(
    "SELECT l.* FROM audit_line l LEFT JOIN audit_seal s ON s.line_id = l.id AND s.line_id > :floor"
    " WHERE s.line_id IS NULL AND l.id > :floor ORDER BY l.id LIMIT 10000"
)


@dataclass(frozen=True)
class Actor:
    """Who decides: a person, or the system itself when nobody asked."""

    user_id: int | None
    name: str
    via: str = "system"


SYSTEM = Actor(None, "system")


@dataclass(frozen=True)
class ChainReport:
    """What `verify` found: how many lines hold, the head, and every line that does not."""

    lines: int
    head: str
    unsealed: int = 0
    """Lines so new that no sealer has chained them yet."""
    problems: tuple[str, ...] = field(default=())

    @property
    def intact(self) -> bool:
        return not self.problems


def record(session: Session, tag: str, actor: Actor, subject: str, subject_id: int | str | None, **data: Any) -> None:
    """Leave a line such as `attempt:submitted` about `subject` in the caller's transaction."""
    record_many(session, tag, actor, subject, [(subject_id, data)])


def record_many(
    session: Session, tag: str, actor: Actor, subject: str, lines: Sequence[tuple[int | str | None, dict[str, Any]]]
) -> None:
    """One line for each of many subjects to which the same was done at once."""
    rows = [{"subject_id": None if one is None else str(one), "data": data} for one, data in lines]
    if rows:
        told = {"tag": tag, "actor_id": actor.user_id, "actor_name": actor.name, "via": actor.via, "subject": subject}
        session.execute(_INSERT, {**told, "lines": json.dumps(rows, default=str, ensure_ascii=False)})


def newest(session: Session, *, tag: str = "", before: int | None = None, limit: int) -> Sequence[Any]:
    """Lines whose tag begins so, the latest first; `before` goes back in time."""
    query = text("SELECT * FROM audit_line WHERE id < :before AND starts_with(tag, :tag) ORDER BY id DESC LIMIT :limit")
    latest = min(before or _LAST, _LAST)
    return session.execute(query, {"before": latest, "tag": tag, "limit": limit}).all()


def seal(session: Session) -> int:
    """Chain every line not yet sealed; the number sealed. Harmless when another sealer is at work."""
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SEALER_LOCK}):
        return 0
    last = session.execute(text("SELECT seq, hash FROM audit_seal ORDER BY seq DESC LIMIT 1")).first()
    seq, head = (last.seq, last.hash) if last else (0, GENESIS)
    waiting = session.execute(_WAITING, {"floor": _floor.look(session)}).all()
    _floor.learn([line.id for line in waiting])
    seals = []
    for line in waiting:
        seq, head = seq + 1, _chained(head, seq + 1, line)
        seals.append({"seq": seq, "line_id": line.id, "hash": head})
    if seals:
        session.execute(text("INSERT INTO audit_seal (seq, line_id, hash) VALUES (:seq, :line_id, :hash)"), seals)
    return len(seals)


def verify(session: Session, *, known_head: str | None = None) -> ChainReport:
    """Recompute the chain from its first line; with `known_head`, also that this head once stood in it."""
    head, expected, problems, heads = GENESIS, 1, [], {GENESIS}
    rows = session.execute(
        text(
            "SELECT s.seq, s.hash AS sealed, l.* FROM audit_seal s"
            " LEFT JOIN audit_line l ON l.id = s.line_id ORDER BY s.seq"
        )
    )
    count = 0
    for row in rows:
        count += 1
        if row.seq != expected:
            problems.append(f"seal {expected} is missing (next is {row.seq})")
        expected = row.seq + 1
        if row.id is None:
            problems.append(f"the line of seal {row.seq} is missing")
        elif _chained(head, row.seq, row) != row.sealed:
            problems.append(f"line {row.id} (seal {row.seq}) was changed after it was sealed")
        head = row.sealed
        heads.add(head)
    if known_head and known_head not in heads:
        problems.append(f"the head {known_head} kept outside does not stand in the chain")
    everything = session.scalar(text("SELECT count(*) FROM audit_line")) or 0
    return ChainReport(count, head, max(0, everything - count), tuple(problems))


def _chained(previous: str, seq: int, line: Any) -> str:
    at: datetime = line.at
    body = json.dumps(
        [
            previous,
            seq,
            line.id,
            at.astimezone(UTC).isoformat(),
            line.tag,
            line.actor_id,
            line.actor_name,
            line.via,
            line.subject,
            line.subject_id,
            line.data,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()
