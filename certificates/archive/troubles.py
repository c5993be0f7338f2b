"""What stands in the way of renewals: kept until the renewal succeeds, so that people see it and when it is retried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.archive import ArchiveTrouble
from certificates.archive.rules import next_try

ALL = "*"
LONGEST_ABOUT = 300


def stands_in_the_way(session: Session, now: datetime) -> bool:
    """Of all renewals, until it is time to try again."""
    found = session.get(ArchiveTrouble, ALL, populate_existing=True)
    return found is not None and found.not_before > now


def met(session: Session, serial: str, refusal: Refusal, now: datetime) -> ArchiveTrouble:
    """Of one certificate by its serial, or of ALL."""
    row = {
        "code": refusal.code,
        "message": refusal.message,
        "about": str(refusal.details.get("about", ""))[:LONGEST_ABOUT],
        "last_at": now,
    }
    query = insert(ArchiveTrouble).values(serial=serial, tries=1, since=now, not_before=next_try(1, now), **row)
    query = query.on_conflict_do_update(index_elements=["serial"], set_={**row, "tries": ArchiveTrouble.tries + 1})
    session.execute(query)
    trouble = session.get_one(ArchiveTrouble, serial, populate_existing=True)
    trouble.not_before = next_try(trouble.tries, now)
    session.flush()
    return trouble


def over(session: Session, *serials: str) -> None:
    session.execute(delete(ArchiveTrouble).where(ArchiveTrouble.serial.in_(serials)))


def listed(session: Session, most: int = 50) -> list[ArchiveTrouble]:
    """What stands in the way of all comes first."""
    return list(session.scalars(select(ArchiveTrouble).order_by(ArchiveTrouble.serial).limit(most)))
