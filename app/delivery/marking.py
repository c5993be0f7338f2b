"""The score of an attempt: the same paper, responses and keys bring the same marks, however often it runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from json import dumps
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.delivery import papers
from app.delivery.open_marks import open_marks
from app.delivery.papers import PaperItem
from app.schemes.scheme import Level
from question_bank.item_types import ITEM_TYPES


class _Entry(msgspec.Struct, gc=False):
    """An item as a paper keeps it; the collector of garbage need not look at millions of them."""

    version_id: int
    options: tuple[str, ...]
    marks: str


_entries = msgspec.json.Decoder(list[_Entry]).decode
_answers = msgspec.json.Decoder(dict[int, list[str]]).decode
READ = text("""
SELECT a.id, s.scheme, s.level, p.items::text AS items,
       (SELECT json_object_agg(r.position, r.answer)::text FROM response r WHERE r.attempt_id = a.id) AS answers
  FROM attempt a JOIN paper p ON p.id = a.paper_id JOIN exam_session s ON s.id = a.session_id
 WHERE a.id = ANY(:attempts) AND a.state IN ('submitted', 'expired') ORDER BY a.id
""")
WRITE = text("""
UPDATE attempt a SET state = 'marked', score = m.score, marks_by_row = m.rows, marked_at = :now
  FROM jsonb_to_recordset(CAST(:marked AS jsonb)) AS m(id bigint, score numeric, rows jsonb) WHERE a.id = m.id
""")


def marks_of(
    items: Iterable[PaperItem],
    responses: Mapping[int, Sequence[str]],
    *,
    partial: bool,
    settled: Mapping[int, Decimal] = MappingProxyType({}),
) -> list[tuple[PaperItem, Decimal]]:
    """`settled` are the examiners' marks by position, for the types that people mark."""
    return [(one, settled.get(one.position, _score(one, responses.get(one.position, ()), partial))) for one in items]


def _score(one: PaperItem, response: Sequence[str], partial: bool) -> Decimal:
    return ITEM_TYPES[one.item.type].score(response, one.item.key, one.marks, partial)


def by_row(marked: Sequence[tuple[PaperItem, Decimal]], level: Level) -> dict[str, Any]:
    """Marks and full marks of every row the paper draws from, in the order of the standard's table."""
    full, earned = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for one, marks in marked:
        full[one.item.row] += one.marks
        earned[one.item.row] += marks
    rows = [
        {"no": row.no, "name": row.name, "marks": str(earned[row.no]), "of": str(full[row.no])}
        for row in level.theory.rows
        if row.no in full
    ]
    return {"rows": rows}


def mark(session: Session, attempts: Sequence[int], now: datetime) -> dict[int, Decimal]:
    """Marks those of these locked attempts that are closed: two statements, however many there are.

    Only answers that people mark are waited for: their attempts are left out until the last of them is settled.
    """
    rows = session.execute(READ, {"attempts": list(attempts)}).all()
    found: dict[int, Decimal] = {}
    marked = []
    for row in rows:
        items = _placed(session, _entries(row.items))
        responses = _answers(row.answers or "{}")
        settled = open_marks(session, row.id) if _for_people(items, responses) else {}
        if settled is None:
            continue
        level = papers.level_of(row.scheme, row.level)
        marks = marks_of(items, responses, partial=level.theory.paper.partial_credit, settled=settled)
        found[row.id] = sum((one for _, one in marks), Decimal(0))
        marked.append({"id": row.id, "score": str(found[row.id]), "rows": by_row(marks, level)})
    if marked:
        session.execute(WRITE, {"marked": dumps(marked, ensure_ascii=False), "now": now})
    return found


def _placed(session: Session, entries: Sequence[_Entry]) -> list[PaperItem]:
    items = papers.versions_of(session, [entry.version_id for entry in entries])
    return [
        PaperItem(place, items[entry.version_id], entry.options, papers.figure(entry.marks))
        for place, entry in enumerate(entries, 1)
    ]


def _for_people(items: Iterable[PaperItem], responses: Mapping[int, Sequence[str]]) -> bool:
    return any(ITEM_TYPES[one.item.type].marked_by_people and responses.get(one.position) for one in items)
