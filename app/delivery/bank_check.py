"""Whether the bank can give a session its papers, asked before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.delivery.papers import level_of
from app.models.bank import Snapshot
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession, Seat
from question_bank.blueprint import make_blueprint
from question_bank.pool import load_pool, pool_of
from question_bank.pool_item import PoolItem
from question_bank.preflight import Preflight, preflight


def check_bank(session: Session, scheme: str, level: str, papers: int) -> Preflight:
    """For so many papers from the items in use now."""
    return _checked(scheme, level, load_pool(session, scheme, level), papers)


def check_session(session: Session, exam: ExamSession) -> Preflight:
    """For every seat of the session, and besides for every paper that was voided; for one at least."""
    seats = select(func.count()).select_from(Seat).where(Seat.session_id == exam.id)
    voided = select(func.count()).where(Attempt.session_id == exam.id, Attempt.state == AttemptState.VOIDED)
    papers = max(1, (session.scalar(seats) or 0) + (session.scalar(voided) or 0))
    if exam.snapshot_id is None:
        return check_bank(session, exam.scheme, exam.level, papers)
    pool = pool_of(session, session.get_one(Snapshot, exam.snapshot_id))
    return _checked(exam.scheme, exam.level, pool, papers)


def _checked(scheme: str, level: str, pool: Sequence[PoolItem], papers: int) -> Preflight:
    return preflight(make_blueprint(level_of(scheme, level)), pool, papers)


def as_value(found: Preflight) -> dict[str, Any]:
    """For JSON; expected scores in marks, times in seconds, shares in percent."""
    rehearsed = found.rehearsal
    return {
        "papers": found.papers,
        "possible": found.possible,
        "exposure_cap": found.exposure_cap,
        "rehearsal": None if rehearsed is None else {
            "lowest": float(rehearsed.lowest), "highest": float(rehearsed.highest), "spread": float(rehearsed.spread),
            "shortest": rehearsed.shortest, "longest": rehearsed.longest, "largest_share": rehearsed.share,
        },
        "lacks": [asdict(lack) for lack in found.lacks],
        "new_items": found.new_items,
        "raise_cap_to": found.raise_cap_to,
        "release": [list(pair) for pair in found.release],
    }  # fmt: skip
