"""Releasing results, as page and API wish it; whoever does so marks along where papers still wait, worker or not."""

from __future__ import annotations

from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import marking_job
from app.results.release import Release, release_session
from app.web.access import principal


def released(session_id: int) -> Release:
    """Not committed; a refusal over papers that wait leaves fewer of them behind."""
    session, actor, now = db.session(), principal().actor, clock.now()
    try:
        return release_session(session, actor, session_id, now)
    except Refusal as refusal:
        if refusal.code != "marking_under_way":
            raise
        session.rollback()
        left = marking_job.along(session, session_id, now)
        session.commit()
        if left:
            raise
    return release_session(session, actor, session_id, now)
