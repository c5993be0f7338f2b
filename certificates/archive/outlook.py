"""How the proof in the register's files stands: how many are due, how many failed and why, and until when all hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.archive import ArchiveTrouble
from app.models.certificate import Certificate
from certificates.archive import troubles
from certificates.archive.rules import due_before


@dataclass(frozen=True)
class Outlook:
    stamped: int
    unstamped: int
    """With a signature alone: it holds while its certificates do, and as long as the register vouches for it."""
    due: int
    weakened: int
    """The certificate behind the newest time stamp has ended already."""
    weakest_at: datetime | None
    troubles: tuple[ArchiveTrouble, ...]
    failed: int

    @property
    def quiet(self) -> bool:
        return not (self.due or self.failed or self.weakened)


def outlook(session: Session, now: datetime) -> Outlook:
    weakens = Certificate.weakens_at
    total, stamped, due, weakened, weakest = session.execute(
        select(
            func.count(),
            func.count(weakens),
            func.count().filter(weakens < due_before(now)),
            func.count().filter(weakens < now),
            func.min(weakens),
        ).select_from(Certificate)
    ).one()
    failed = session.scalar(select(func.count()).select_from(ArchiveTrouble)) or 0
    return Outlook(stamped, total - stamped, due, weakened, weakest, tuple(troubles.listed(session)), failed)
