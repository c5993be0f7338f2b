"""The settled marks of open answers, and the list of those that wait for examiners."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models.bank import ItemVersion
from app.models.exam import Attempt, AttemptState, Paper, Response
from app.models.open_marking import OpenAnswer
from question_bank.item_types import ITEM_TYPES

BY_PEOPLE = tuple(code for code, kind in ITEM_TYPES.items() if kind.marked_by_people)


def open_marks(session: Session, attempt_id: int) -> dict[int, Decimal] | None:
    """By position, once every answered open item of a closed attempt is settled; until then None.

    The first time it is asked, the answers are put on the examiners' list.
    """
    rows = _marks(session, attempt_id)
    if not rows:
        _put_on_the_list(session, attempt_id)
        rows = _marks(session, attempt_id)
    settled = {position: marks for position, marks in rows.items() if marks is not None}
    return settled if len(settled) == len(rows) else None


def waiting_answers(session: Session, session_id: int) -> int:
    """How many answers of a session wait for examiners; those of voided attempts do not."""
    wanted = (
        select(func.count())
        .select_from(OpenAnswer)
        .join(Attempt, Attempt.id == OpenAnswer.attempt_id)
        .where(OpenAnswer.session_id == session_id, OpenAnswer.settled.is_(None), Attempt.state != AttemptState.VOIDED)
    )
    return session.scalar(wanted) or 0


def _marks(session: Session, attempt_id: int) -> dict[int, Decimal | None]:
    found = select(OpenAnswer.position, OpenAnswer.settled).where(OpenAnswer.attempt_id == attempt_id)
    return {row.position: row.settled for row in session.execute(found)}


def _put_on_the_list(session: Session, attempt_id: int) -> None:
    attempt = session.get_one(Attempt, attempt_id)
    items = session.scalars(select(Paper.items).where(Paper.id == attempt.paper_id)).one()
    versions = select(ItemVersion.id).where(
        ItemVersion.id.in_([entry["version_id"] for entry in items]), ItemVersion.type.in_(BY_PEOPLE)
    )
    for_people = set(session.scalars(versions))
    answers = select(Response.position, Response.answer).where(
        Response.attempt_id == attempt_id, func.cardinality(Response.answer) > 0
    )
    rows = [
        {"session_id": attempt.session_id, "attempt_id": attempt_id, "position": row.position,
         "item_version_id": entry["version_id"], "answer": row.answer[0], "marks": Decimal(entry["marks"])}
        for row in session.execute(answers)
        if (entry := items[row.position - 1])["version_id"] in for_people
    ]  # fmt: skip
    if rows:
        session.execute(insert(OpenAnswer).on_conflict_do_nothing(), rows)
