"""The score of an attempt: the same paper, responses and keys bring the same marks, however often it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import papers
from app.delivery.papers import PaperItem
from app.models.exam import Attempt, AttemptState, Paper, Response
from app.models.registration import ExamSession
from app.schemes.scheme import Level
from question_bank.item_types import ITEM_TYPES


def marks_of(
    items: Iterable[PaperItem], responses: Mapping[int, Sequence[str]], *, partial: bool
) -> list[tuple[PaperItem, Decimal]]:
    return [
        (one, ITEM_TYPES[one.item.type].score(responses.get(one.position, ()), one.item.key, one.marks, partial))
        for one in items
    ]


def by_row(marked: Sequence[tuple[PaperItem, Decimal]], level: Level) -> dict[str, Any]:
    """Marks and full marks of every row the paper draws from, in the order of the standard's table."""
    rows = []
    for row in level.theory.rows:
        of_row = [(one.marks, marks) for one, marks in marked if one.item.row == row.no]
        if of_row:
            of, marks = (sum(figures, Decimal(0)) for figures in zip(*of_row, strict=True))
            rows.append({"no": row.no, "name": row.name, "marks": str(marks), "of": str(of)})
    return {"rows": rows}


def mark(session: Session, attempt: Attempt, now: datetime) -> None:
    """In the transaction that closed the attempt, so that none is ever closed and unmarked."""
    exam = session.get_one(ExamSession, attempt.session_id)
    level = papers.level_of(exam.scheme, exam.level)
    items = papers.items_of(session, session.get_one(Paper, attempt.paper_id))
    rows = session.execute(select(Response.position, Response.answer).where(Response.attempt_id == attempt.id))
    responses = {row.position: row.answer for row in rows}
    marked = marks_of(items, responses, partial=level.theory.paper.partial_credit)
    attempt.score = sum((marks for _, marks in marked), Decimal(0))
    attempt.marks_by_row = by_row(marked, level)
    if attempt.state != AttemptState.RELEASED:
        attempt.state = AttemptState.MARKED
    attempt.marked_at = now
