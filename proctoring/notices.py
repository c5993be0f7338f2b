"""Messages from the proctors to one seat, several, a room or the whole session; in the log like any other act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.exam import Attempt
from app.models.registration import Seat
from app.models.watching import Notice

LONGEST = 500
_ONE_AT_A_TIME = 0x407E

_TELL = text("""
UPDATE attempt a SET notices = :number
  FROM (SELECT a.id FROM attempt a JOIN seat s ON s.id = a.seat_id
          JOIN unnest(CAST(:firsts AS int[]), CAST(:lasts AS int[])) AS r(first, last)
               ON s.number BETWEEN r.first AND r.last
         WHERE s.session_id = :session AND a.notices < :number
           AND a.state IN ('prepared', 'in_progress', 'paused')
         ORDER BY a.id FOR NO KEY UPDATE OF a) told
 WHERE a.id = told.id
""")
_SEEN = text("""
INSERT INTO notice_seen (attempt_id, number, seen_at) VALUES (:attempt, :number, :now)
ON CONFLICT (attempt_id) DO UPDATE SET number = excluded.number, seen_at = excluded.seen_at
 WHERE notice_seen.number < excluded.number
""")


@dataclass(frozen=True)
class Told:
    """A message as the candidate sees it."""

    number: int
    text: str
    at: datetime


def send(session: Session, actor: Actor, session_id: int, seats: Iterable[int], words: str, now: datetime) -> int:
    """To the seats with these numbers; answers the message's own number. The caller has settled who may."""
    said = given_text(words)
    session.execute(text("SELECT pg_advisory_xact_lock(:what, :session)"),
                    {"what": _ONE_AT_A_TIME, "session": session_id % 2**31})  # fmt: skip
    last = session.scalar(select(func.max(Notice.number)).where(Notice.session_id == session_id)) or 0
    number, ranges = last + 1, runs(seats)
    for first, end in ranges:
        session.add(Notice(session_id=session_id, number=number, first_seat=first, last_seat=end, text=said,
                           sent_by=actor.user_id, sent_at=now))  # fmt: skip
    firsts, lasts = [first for first, _ in ranges], [end for _, end in ranges]
    session.execute(_TELL, {"number": number, "session": session_id, "firsts": firsts, "lasts": lasts})
    session.flush()
    audit.record(session, "notice:sent", actor, "session", session_id, number=number, seats=ranges, text=said)
    return number


def given_text(words: str) -> str:
    said = words.strip()
    if not 1 <= len(said) <= LONGEST:
        message = N_("Write the message, with at most %(most)s characters.")
        raise Refusal("message_missing", message, most=LONGEST)
    return said


def runs(seats: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as runs from one to another: 1, 2, 3, 7 are (1, 3) and (7, 7)."""
    wanted = sorted(set(seats))
    breaks = [place for place, (one, following) in enumerate(pairwise(wanted), 1) if following != one + 1]
    edges = [0, *breaks, len(wanted)]
    return [(wanted[start], wanted[end - 1]) for start, end in pairwise(edges) if end > start]


def of_attempt(session: Session, attempt_id: int, after: int = 0) -> list[Told]:
    """The messages meant for an attempt that it does not know yet, in order."""
    query = (
        select(Notice.number, Notice.text, Notice.sent_at)
        .join(Attempt, Attempt.session_id == Notice.session_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(
            Attempt.id == attempt_id, Notice.number > after, Seat.number.between(Notice.first_seat, Notice.last_seat)
        )
        .order_by(Notice.number)
        .limit(200)
    )
    return [Told(number, said, at) for number, said, at in session.execute(query)]


def mark_seen(session: Session, attempt_id: int, number: int, now: datetime) -> None:
    """The candidate's page has fetched the messages up to this one."""
    session.execute(_SEEN, {"attempt": attempt_id, "number": number, "now": now})


def of_session(session: Session, session_id: int, first: int, last: int) -> Sequence[Notice]:
    """What was said to any seat of a range, the latest first."""
    query = select(Notice).where(Notice.session_id == session_id, Notice.first_seat <= last, Notice.last_seat >= first)
    return session.scalars(query.order_by(Notice.number.desc(), Notice.first_seat).limit(100)).all()
