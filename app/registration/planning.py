"""Planning a session: which part of which level, where, and in which window."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import ExamSession, Part, SessionState, Site
from app.registration.sites import refuse_lacking
from app.schemes.scheme import Level, PracticalPart, TheoryPart
from app.schemes.scheme import scheme as scheme_of

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=3653)


@dataclass(frozen=True)
class Plan:
    scheme: str
    level: str
    part: str
    site_id: int
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Trial:
    """A demonstration differs from the scheme: other minutes, and nothing that makes one wait."""

    minutes: int | None = None


def plan_session(
    session: Session, actor: Actor, plan: Plan, now: datetime, *, trial: Trial | None = None
) -> ExamSession:
    """A new session with the scheme's times; only a demonstration may have others, and is marked as one."""
    level = scheme_of(plan.scheme).level(plan.level)
    part = part_of(level, plan.part)
    site = session.get(Site, plan.site_id)
    if site is None:
        raise Refusal("site_unknown", N_("There is no such site. Choose one of the list or add it first."))
    minutes = (trial.minutes if trial else None) or part.minutes
    _check_window(plan.opens_at, plan.closes_at, minutes, now)
    if isinstance(part, PracticalPart):
        refuse_lacking(site, part.site_must_have)
    row = ExamSession(
        scheme=level.scheme, level=level.code, part=plan.part, site=site, opens_at=plan.opens_at,
        closes_at=plan.closes_at, state=SessionState.PLANNED, minutes=minutes, demonstration=trial is not None,
        seed=secrets.token_hex(16), **_entry_rules(part, plan, trial),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, "session:planned", actor, "session", row.id, scheme=row.scheme, level=row.level,
                 part=row.part, site=site.name, opens_at=row.opens_at, closes_at=row.closes_at)  # fmt: skip
    return row


def exam_session(session: Session, session_id: int) -> ExamSession:
    row = session.get(ExamSession, session_id)
    if row is None:
        raise NotFound
    return row


def part_of(level: Level, part: str) -> TheoryPart | PracticalPart:
    if part == Part.THEORY:
        return level.theory
    if part == Part.PRACTICAL:
        return level.practical
    raise Refusal("unknown_part", N_("A session is for the theory or the practical part. Choose one of them."))


def _entry_rules(part: TheoryPart | PracticalPart, plan: Plan, trial: Trial | None) -> dict[str, int]:
    if trial:
        window = -(-(plan.closes_at - plan.opens_at) // timedelta(minutes=1))
        return {"late_entry_minutes": window, "hold_minutes": 0}
    if isinstance(part, PracticalPart):
        return {"late_entry_minutes": 0, "hold_minutes": 0}
    minute = timedelta(minutes=1)
    return {"late_entry_minutes": part.late_entry // minute, "hold_minutes": part.hand_in_hold // minute}


def _check_window(opens_at: datetime, closes_at: datetime, minutes: int, now: datetime) -> None:
    if opens_at.tzinfo is None or closes_at.tzinfo is None:
        raise Refusal("zone_missing", N_("Give both times with their zone, such as 2026-11-21T01:00:00Z."))
    if closes_at <= now:
        raise Refusal("window_over", N_("The session would end in the past. Choose a later window."))
    if closes_at - opens_at < timedelta(minutes=minutes):
        raise Refusal(
            "window_too_short",
            N_("From opening to closing there must be at least %(minutes)s minutes, the length of this part."),
            minutes=minutes,
        )
    if closes_at - now > FURTHEST:
        raise Refusal("window_too_far", N_("The window lies more than ten years ahead. Check both dates."))
    if closes_at - opens_at > LONGEST:
        raise Refusal("window_too_long", N_("The window is longer than a year. Check both dates."))
