"""The score of an attempt: the same paper, responses and keys bring the same marks, however often it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import papers
from app.delivery.open_marks import open_marks
from app.delivery.papers import PaperItem
from app.models.exam import Attempt, AttemptState, Paper, Response
from app.models.registration import ExamSession
from app.schemes.scheme import Level
from question_bank.item_types import ITEM_TYPES


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
    rows = []
    for row in level.theory.rows:
        of_row = [(one.marks, marks) for one, marks in marked if one.item.row == row.no]
        if of_row:
            of, marks = (sum(figures, Decimal(0)) for figures in zip(*of_row, strict=True))
            rows.append({"no": row.no, "name": row.name, "marks": str(marks), "of": str(of)})
    return {"rows": rows}


def mark(session: Session, attempt: Attempt, now: datetime) -> bool:
    """In the transaction that closed the attempt, so that none is ever closed and unmarked.

    Only answers that people mark are waited for: False until the last of them is settled, and then again what it is.
    """
    exam = session.get_one(ExamSession, attempt.session_id)
    level = papers.level_of(exam.scheme, exam.level)
    items = papers.items_of(session, session.get_one(Paper, attempt.paper_id))
    rows = session.execute(select(Response.position, Response.answer).where(Response.attempt_id == attempt.id))
    responses = {row.position: row.answer for row in rows}
    settled = open_marks(session, attempt.id) if _for_people(items, responses) else {}
    if settled is None:
        return False
    marked = marks_of(items, responses, partial=level.theory.paper.partial_credit, settled=settled)
    attempt.score = sum((marks for _, marks in marked), Decimal(0))
    attempt.marks_by_row = by_row(marked, level)
    if attempt.state != AttemptState.RELEASED:
        attempt.state = AttemptState.MARKED
    attempt.marked_at = now
    return True


def _for_people(items: Iterable[PaperItem], responses: Mapping[int, Sequence[str]]) -> bool:
    return any(ITEM_TYPES[one.item.type].marked_by_people and responses.get(one.position) for one in items)
