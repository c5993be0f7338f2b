"""Taking hold of a row until the transaction ends, with its values as they are now."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from app.core.db import Base
from app.core.errors import NotFound

Row = TypeVar("Row", bound=Base)


def locked(session: Session, table: type[Row], key: int) -> Row:
    """Only the row itself is locked, not what it is joined with."""
    row = session.get(table, key, with_for_update={"of": table}, populate_existing=True)
    if row is None:
        raise NotFound
    return row
