"""Takes orders that are due and works them off; whatever goes wrong leaves orders that wait, and never half a one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from certificates.batches.working import AT_ONCE, one_by_one, work
from certificates.register import orders
from certificates.signing.seals import IssuerChoice

TRY_AGAIN = "credential_place_taken"
"""Two transactions drew the same place by chance: that is no outage."""


def take_and_work(session: Session, now: datetime, choose: IssuerChoice, most: int = AT_ONCE) -> bool:
    """Commits; False when nothing was due."""
    taken = orders.take(session, now, most)
    numbers = [one.id for one in taken]
    if not numbers:
        session.rollback()
        return False
    try:
        work(session, taken, now, choose)
    except Refusal as refusal:
        session.rollback()
        if refusal.code == TRY_AGAIN:
            one_by_one(session, numbers, now, choose)
        else:
            orders.postpone(session, refusal, now)
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        session.rollback()
        one_by_one(session, numbers, now, choose)
    session.commit()
    return True
