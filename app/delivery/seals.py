"""A session's seal: its secret is fixed in the audit log before the doors open and shown once the session is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.exam import SessionSeal
from app.models.registration import ExamSession, SessionState
from question_bank.blueprint import Blueprint
from question_bank.pool_item import PoolItem
from question_bank.sealing import commitment, new_secret, rules_of

SEALED, DRAWN, REVEALED = "session:sealed", "session:drawn", "session:revealed"
_OVER = (SessionState.CLOSED, SessionState.RELEASED)


def sealed(
    session: Session, actor: Actor, exam: ExamSession, blueprint: Blueprint, pool: Iterable[PoolItem], now: datetime
) -> SessionSeal:
    """The session's seal, made now if it has none; seats added later are drawn under the same one."""
    seal = session.get(SessionSeal, exam.id)
    if seal is None:
        seal = SessionSeal(session_id=exam.id, secret=new_secret(), rules=rules_of(blueprint), sealed_at=now)
        session.add(seal)
        session.flush()
        fixed = commitment(seal.secret, exam.snapshot_id or "", seal.rules, pool)
        audit.record(session, SEALED, actor, "session", exam.id, **fixed)
    return seal


def reveal(session: Session, actor: Actor, exam: ExamSession, now: datetime) -> SessionSeal:
    """Shows the secret in the audit log, once. Never before the session is closed."""
    seal = session.get(SessionSeal, exam.id)
    if exam.state not in _OVER:
        message = N_("The secret of this session's draw is shown once the session is closed. Close it first.")
        raise Refusal("seal_kept", message, status=409, details={"state": exam.state})
    if seal is None:
        message = N_("This session's papers were drawn before draws were sealed, so there is no proof of them.")
        raise Refusal("session_unsealed", message, status=409)
    if seal.revealed_at is None:
        seal.revealed_at = now
        session.flush()
        audit.record(session, REVEALED, actor, "session", exam.id, secret=seal.secret)
    return seal


def reveal_if_sealed(session: Session, actor: Actor, exam: ExamSession, now: datetime) -> None:
    if session.get(SessionSeal, exam.id) is not None:
        reveal(session, actor, exam, now)
