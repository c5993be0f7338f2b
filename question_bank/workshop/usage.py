"""How items fared: on how many papers they stood, how many began them, how hard they were and how well they tell apart.

One statement counts, for every version, how often each answer was given and by whom in terms of totals; the item types
score each different answer once. So the figures follow the same rules as the marks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import sqrt
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from app.models.bank import Item, ItemVersion
from app.models.exam import Attempt, AttemptState
from app.models.workshop import VersionUsage
from app.schemes.scheme import scheme
from question_bank.item_types import ITEM_TYPES

THOUSANDTH = Decimal("0.001")
MOST_ANSWERS = 20
COUNT_EVERY = timedelta(minutes=10)
COUNT_AT_LEAST_EVERY = timedelta(days=1)
_COUNTED_ANEW = 0xC047
_TALLY = """
    WITH placed AS (
        SELECT a.id AS attempt_id, a.state, a.started_at, a.score, e.place,
               (e.entry->>'version_id')::bigint AS version_id, (e.entry->>'marks')::numeric AS marks
        FROM attempt a JOIN paper p ON p.id = a.paper_id
        CROSS JOIN LATERAL jsonb_array_elements(p.items) WITH ORDINALITY AS e(entry, place)
        WHERE a.state <> 'voided' {narrowed}
    )
    SELECT l.version_id, l.marks, l.state IN ('marked', 'released') AND l.score IS NOT NULL AS marked,
           coalesce(r.answer, '{{}}') AS answer, count(*) AS papers, count(l.started_at) AS delivered,
           max(l.started_at) AS last_used_at, sum(l.score) AS total, sum(l.score * l.score) AS squares
    FROM placed l LEFT JOIN response r ON r.attempt_id = l.attempt_id AND r.position = l.place
    {of_these}
    GROUP BY 1, 2, 3, 4
"""
_ALL = text(_TALLY.format(narrowed="", of_these=""))
_SOME = text(
    _TALLY.format(
        narrowed="AND EXISTS (SELECT 1 FROM unnest(:versions) v"
        " WHERE p.items @> jsonb_build_array(jsonb_build_object('version_id', v)))",
        of_these="WHERE l.version_id = ANY(:versions)",
    )
).bindparams(bindparam("versions", type_=ARRAY(BigInteger)))


@dataclass(frozen=True)
class Tally:
    """One answer to one version at one worth: how often, and the totals of those who gave it."""

    answer: tuple[str, ...]
    share: Decimal
    """Of the item's marks, that this answer earns."""
    marks: Decimal
    count: int
    total: Decimal
    squares: Decimal


@dataclass(frozen=True)
class Usage:
    version_id: int
    papers: int = 0
    delivered: int = 0
    last_used_at: datetime | None = None
    marked: int = 0
    share: Decimal | None = None
    correlation: Decimal | None = None
    answers: tuple[tuple[tuple[str, ...], int], ...] = ()


def usage_of(session: Session, version_ids: Sequence[int]) -> dict[int, Usage]:
    """Counted now, for a few versions."""
    if not version_ids:
        return {}
    found = _counted(session, session.execute(_SOME, {"versions": list(version_ids)}))
    return {one: found.get(one, Usage(one)) for one in version_ids}


def refresh_usage(session: Session, now: datetime) -> int:
    """Counts everything anew for lists and searches; the number of versions with any use. One at a time."""
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _COUNTED_ANEW}):
        return 0
    found = _counted(session, session.execute(_ALL))
    rows = [
        {"version_id": one.version_id, "papers": one.papers, "delivered": one.delivered, "marked": one.marked,
         "last_used_at": one.last_used_at, "share": one.share, "correlation": one.correlation, "counted_at": now,
         "answers": [{"answer": list(answer), "count": count} for answer, count in one.answers]}
        for one in found.values()
    ]  # fmt: skip
    session.execute(text("DELETE FROM version_usage"))
    if rows:
        session.execute(insert(VersionUsage), rows)
    return len(rows)


def refresh_if_due(session: Session, now: datetime) -> int:
    """What the worker calls: counts anew when the last count is old and anything was begun or marked since.

    Not while candidates sit, for whom the database should be free; but never later than a day.
    """
    counted = session.scalar(select(func.max(VersionUsage.counted_at)))
    if counted and now - counted < COUNT_EVERY:
        return 0
    sitting = select(exists().where(Attempt.state == AttemptState.IN_PROGRESS))
    if counted and now - counted < COUNT_AT_LEAST_EVERY and session.scalar(sitting):
        return 0
    since = (
        or_(Attempt.started_at > counted, Attempt.marked_at > counted)
        if counted
        else Attempt.state != AttemptState.VOIDED
    )
    return refresh_usage(session, now) if session.scalar(select(exists().where(since))) else 0


def difficulty(tallies: Sequence[Tally]) -> Decimal | None:
    """The mean share of the marks that was earned."""
    count = sum(one.count for one in tallies)
    return _rounded(sum((one.share * one.count for one in tallies), Decimal(0)) / count) if count else None


def correlation(tallies: Sequence[Tally]) -> Decimal | None:
    """Between the share earned here and the marks of the rest of the paper (point-biserial for all or nothing)."""
    n = sum(one.count for one in tallies)
    x = float(sum(one.share * one.count for one in tallies))
    xx = float(sum(one.share * one.share * one.count for one in tallies))
    rests = [(one, one.total - one.share * one.marks * one.count) for one in tallies]
    y = float(sum(rest for _, rest in rests))
    yy = float(sum(one.squares - 2 * one.share * one.marks * one.total + (one.share * one.marks) ** 2 * one.count
                   for one in tallies))  # fmt: skip
    xy = float(sum(one.share * rest for one, rest in rests))
    spread = (n * xx - x * x) * (n * yy - y * y)
    if n < 2 or spread <= 1e-6:
        return None
    return _rounded(Decimal(str(max(-1.0, min(1.0, (n * xy - x * y) / sqrt(spread))))))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(THOUSANDTH)


def _counted(session: Session, rows: Iterable[Any]) -> dict[int, Usage]:
    by_version: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_version[row.version_id].append(row)
    wanted = select(ItemVersion.id, ItemVersion.type, ItemVersion.key, Item.scheme, Item.level).join(Item)
    facts = {row.id: row for row in session.execute(wanted.where(ItemVersion.id.in_(list(by_version))))}
    return {version: _usage(version, here, facts[version]) for version, here in by_version.items()}


def _usage(version_id: int, rows: Sequence[Any], facts: Any) -> Usage:
    marked = [row for row in rows if row.marked]
    tallies = [] if ITEM_TYPES[facts.type].marked_by_people else [_tally(row, facts) for row in marked]
    answers: Counter[tuple[str, ...]] = Counter()
    for one in tallies:
        answers[one.answer] += one.count
    return Usage(
        version_id=version_id,
        papers=sum(row.papers for row in rows),
        delivered=sum(row.delivered for row in rows),
        last_used_at=max((row.last_used_at for row in rows if row.last_used_at), default=None),
        marked=sum(row.papers for row in marked),
        share=difficulty(tallies),
        correlation=correlation(tallies),
        answers=tuple(sorted(answers.items(), key=lambda one: (-one[1], one[0])))[:MOST_ANSWERS],
    )


def _tally(row: Any, facts: Any) -> Tally:
    partial = scheme(facts.scheme).level(facts.level).theory.paper.partial_credit
    earned = ITEM_TYPES[facts.type].score(row.answer, facts.key, row.marks, partial)
    return Tally(tuple(row.answer), earned / row.marks, row.marks, row.papers, row.total, row.squares)
