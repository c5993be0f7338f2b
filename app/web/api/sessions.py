"""Planning and running sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Part
from app.registration import planning, queries, roster, seating
from app.registration.planning import Plan
from app.results import conduct
from app.web import releasing
from app.web.access import principal
from app.web.api.operation import operation
from app.web.api.session_shapes import (
    CandidatesBody,
    SessionAnswer,
    SessionBody,
    SessionDetail,
    SessionFilter,
    SessionList,
    StaffBody,
    answer,
    detail,
)

Step = Callable[[Session, Actor, int, datetime], ExamSession]


@operation("GET", "/sessions", Permission.READ_SESSIONS, "Sessions, the latest first", query=SessionFilter,
           returns=SessionList)  # fmt: skip
def index(query: SessionFilter) -> SessionList:
    rows = queries.sessions(db.session(), state=query.state or "", part=query.part or "", page=query.page)
    return SessionList(sessions=[answer(row) for row in rows])


@operation("GET", "/sessions/<id:session_id>", Permission.READ_SESSIONS, "One session with its seats and staff",
           returns=SessionDetail, errors=(404,))  # fmt: skip
def show(session_id: int) -> SessionDetail:
    return detail(planning.exam_session(db.session(), session_id))


@operation("POST", "/sessions", Permission.PLAN_SESSIONS, "Plan a session", body=SessionBody, returns=SessionDetail,
           status=201, errors=(404, 409))  # fmt: skip
def create(body: SessionBody) -> SessionDetail:
    plan = Plan(body.scheme, body.level, body.part, body.site, body.opens_at, body.closes_at)
    row = planning.plan_session(db.session(), principal().actor, plan, clock.now())
    db.session.commit()
    return detail(row)


@operation("POST", "/sessions/<id:session_id>/candidates", Permission.PLAN_SESSIONS,
           "Give admitted applicants a seat; all of them or none", body=CandidatesBody, returns=SessionDetail,
           errors=(404, 409))  # fmt: skip
def add_candidates(session_id: int, body: CandidatesBody) -> SessionDetail:
    seating.add_candidates(db.session(), principal().actor, session_id, body.applications, clock.now())
    return _committed(session_id)


@operation("POST", "/sessions/<id:session_id>/staff", Permission.PLAN_SESSIONS,
           "Roster a person, or say that they came or left", body=StaffBody, returns=SessionDetail,
           errors=(404, 409))  # fmt: skip
def staff(session_id: int, body: StaffBody) -> SessionDetail:
    session, actor = db.session(), principal().actor
    user = body.user if isinstance(body.user, int) else queries.account_number(session, body.user)
    roster.assign_staff(session, actor, session_id, user, body.role)
    if body.present is not None:
        mark = roster.mark_present if body.present else roster.mark_left
        mark(session, actor, session_id, user, clock.now())
    return _committed(session_id)


@operation("POST", "/sessions/<id:session_id>/allocate", Permission.PLAN_SESSIONS,
           "Give every candidate of a practical a first and a second examiner", returns=SessionAnswer,
           errors=(404, 409))  # fmt: skip
def allocate(session_id: int) -> SessionAnswer:
    if planning.exam_session(db.session(), session_id).part != Part.PRACTICAL:
        raise Refusal(
            "session_not_practical",
            N_("Examiners are allocated in practical sessions; this one is a theory session. Prepare it instead."),
            status=409,
        )
    return _step(conduct.prepare, session_id)


@operation("POST", "/sessions/<id:session_id>/prepare", Permission.PLAN_SESSIONS,
           "Draw the papers, or allocate the examiners of a practical", returns=SessionAnswer,
           errors=(404, 409))  # fmt: skip
def prepare(session_id: int) -> SessionAnswer:
    return _step(conduct.prepare, session_id)


@operation("POST", "/sessions/<id:session_id>/open", Permission.PLAN_SESSIONS,
           "Open the doors, if enough staff is present", returns=SessionAnswer, errors=(404, 409))  # fmt: skip
def open_doors(session_id: int) -> SessionAnswer:
    return _step(conduct.open_doors, session_id)


@operation("POST", "/sessions/<id:session_id>/close", Permission.PLAN_SESSIONS, "Close the session",
           returns=SessionAnswer, errors=(404, 409))  # fmt: skip
def close(session_id: int) -> SessionAnswer:
    return _step(conduct.close, session_id)


@operation("POST", "/sessions/<id:session_id>/release", Permission.RELEASE_RESULTS,
           "Let the candidates see their results", returns=SessionAnswer, errors=(404, 409))  # fmt: skip
def release(session_id: int) -> SessionAnswer:
    releasing.released(session_id)
    db.session.commit()
    return answer(planning.exam_session(db.session(), session_id))


def _step(step: Step, session_id: int) -> SessionAnswer:
    step(db.session(), principal().actor, session_id, clock.now())
    db.session.commit()
    return answer(planning.exam_session(db.session(), session_id))


def _committed(session_id: int) -> SessionDetail:
    db.session.commit()
    return detail(planning.exam_session(db.session(), session_id))
