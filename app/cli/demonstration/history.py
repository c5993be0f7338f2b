"""The lower certificates that a higher level presupposes, earned beforehand and issued as demonstrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.models.certificate import PartResult
from app.models.registration import ExamSession, Part, Seat, SessionState
from app.registration import planning, sites
from app.registration.enrolment import Enrolment, admit_many
from app.registration.planning import Plan, Trial
from app.registration.sites import SiteFacts
from app.results.verdict import counts_until
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of
from app.web.state_names import state_name
from certificates.register.issue import issue
from certificates.signing.seals import issuers


def lower_levels(level: Level) -> list[Level]:
    """What has to be earned first, the lowest first."""
    if level.prerequisite is None:
        return []
    lower = scheme_of(level.scheme).level(level.prerequisite)
    return [*lower_levels(lower), lower]


def earn(
    session: Session, registrar: Actor, level: Level, enrolled: Mapping[int, Enrolment], now: datetime, run: str
) -> None:
    """Admitted, both parts passed in released sessions of a demonstration, certificate in the register."""
    applications = admit_many(session, registrar, level, enrolled, now, demonstration=True)
    name = _("Demonstration site %(run)s, %(part)s", run=run, part=state_name(level.code))
    site = sites.create_site(session, registrar, SiteFacts(name, max(1, len(applications)), True, True))
    for part in Part:
        _passed(session, registrar, level, part, site.id, applications, now)
    choose = issuers(current_app.extensions["settings"])
    for application in applications:
        issue(session, registrar, application, now, choose)


def _passed(
    session: Session, registrar: Actor, level: Level, part: Part, site_id: int, applications: Sequence[int],
    now: datetime,
) -> None:  # fmt: skip
    row = _over(session, registrar, Plan(level.scheme, level.code, part, site_id, now, now + timedelta(days=1)), now)
    seats = [
        {"session_id": row.id, "application_id": application, "number": number}
        for number, application in enumerate(applications, start=1)
    ]
    session.execute(insert(Seat), seats)
    result = {
        "session_id": row.id, "part": part, "score": planning.part_of(level, part).full_marks, "passed": True,
        "breakdown": {"rows": []}, "released_at": now, "valid_until": counts_until(now, level.part_valid_months),
    }  # fmt: skip
    session.execute(insert(PartResult), [result | {"application_id": application} for application in applications])


def _over(session: Session, registrar: Actor, plan: Plan, now: datetime) -> ExamSession:
    row = planning.plan_session(session, registrar, plan, now, trial=Trial())
    row.state, row.opened_at, row.closed_at, row.released_at = SessionState.RELEASED, now, now, now
    session.flush()
    return row
