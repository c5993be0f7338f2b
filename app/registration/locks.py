"""Taking hold of a row until the transaction ends, with its values as they are now."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import Base
from app.core.errors import NotFound
from app.models.registration import ExamSession

Row = TypeVar("Row", bound=Base)


def locked(session: Session, table: type[Row], key: int, *, key_share: bool = False) -> Row:
    """Only the row itself, not what it is joined with; with `key_share` others may still add rows that point at it."""
    row = session.get(table, key, with_for_update={"of": table, "key_share": key_share}, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def hold_session(session: Session, session_id: int) -> None:
    """It is neither closed nor released before the transaction ends. To be held before any attempt of it."""
    session.execute(select(ExamSession.id).where(ExamSession.id == session_id).with_for_update(read=True))
