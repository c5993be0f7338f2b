"""The register's proofs and keys as figures for the monitoring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.core import metrics
from app.core.errors import Refusal
from certificates.archive import keys
from certificates.archive.outlook import outlook

DAY = 86_400


def take(session: Session, settings: Settings, now: datetime) -> None:
    found = outlook(session, now)
    metrics.PROOFS_DUE.set(found.due)
    metrics.PROOFS_FAILED.set(found.failed)
    try:
        held = keys.keys(session, settings, now)
    except Refusal:  # a key or root that cannot be read is told by its own page
        held = []
    for use in (keys.SIGNING, keys.STAMPING, keys.ROOT):
        ends = [one.ends_at for one in held if one.use == use and one.now]
        days = (min(ends) - now).total_seconds() / DAY if ends else -1.0
        metrics.KEY_DAYS.labels(use=use).set(days)
