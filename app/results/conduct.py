"""Running a session of either part: screen, API and command line all come through here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.delivery import sessions as delivery
from app.models.registration import ExamSession, Part
from app.practical.panels import panels
from app.registration.planning import exam_session
from app.results import release


def prepare(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    """Theory: a paper for every seat. Practical: first and second examiner for every seat."""
    if exam_session(session, session_id).part == Part.THEORY:
        delivery.prepare_session(session, actor, session_id, now)
    else:
        panels.allocate_session(session, actor, session_id, now)
    return exam_session(session, session_id)


def open_doors(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    if exam_session(session, session_id).part == Part.THEORY:
        delivery.open_session(session, actor, session_id, now)
    else:
        panels.open_practical(session, actor, session_id, now)
    return exam_session(session, session_id)


def close(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    if exam_session(session, session_id).part == Part.THEORY:
        delivery.close_session(session, actor, session_id, now)
    else:
        panels.close_practical(session, actor, session_id, now)
    return exam_session(session, session_id)


def release_results(session: Session, actor: Actor, session_id: int, now: datetime) -> ExamSession:
    release.release_session(session, actor, session_id, now)
    return exam_session(session, session_id)
