"""What is on file about an application on a day, gathered for the rules of eligibility."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate, CertificateStatus
from app.models.registration import Application, Candidate, Document
from app.registration.eligibility import Facts, Reason, reasons_against
from app.schemes.scheme import scheme as scheme_of

BODY_ZONE = ZoneInfo("Asia/Shanghai")
_BEST_FIRST = ("valid", "suspended", "expired", "replaced", "revoked")


def day_of(now: datetime) -> date:
    """The calendar day at the certifying body."""
    return now.astimezone(BODY_ZONE).date()


def reasons_against_application(
    session: Session, application: Application, now: datetime, *, kinds: frozenset[str] | None = None, new: bool = False
) -> list[Reason]:
    scheme = scheme_of(application.scheme)
    level = scheme.level(application.level)
    lower = scheme.level(level.prerequisite) if level.prerequisite else None
    return reasons_against(level, facts_of(session, application, now, kinds=kinds, new=new), lower)


def facts_of(
    session: Session, application: Application, now: datetime, *, kinds: frozenset[str] | None = None, new: bool = False
) -> Facts:
    """`kinds` of documents if they were read already; `new` where it is known that the register holds nothing."""
    person, today = application.candidate, day_of(now)
    if kinds is None:
        kinds = frozenset(session.scalars(select(Document.kind).where(Document.application_id == application.id)))
    return Facts(
        today=today,
        identity=bool(person.identity_hash),
        photo=person.photo is not None,
        occupation=application.occupation,
        training_hours=application.training_hours,
        training_mode=application.training_mode,
        documents=kinds,
        recommending_employer=application.recommending_employer,
        recommended_on=application.recommended_on,
        certificates={} if new else _standings(session, application, today),
    )


def _standings(session: Session, application: Application, today: date) -> dict[str, str]:
    person = application.candidate_id
    found = standings_of(session, [person], application.scheme, today, application.demonstration)
    return found.get(person, {})


def standings_of(
    session: Session, candidates: Iterable[int], scheme: str, today: date, demonstration: bool
) -> dict[int, dict[str, str]]:
    """Candidate → level → how the person's best certificate of it stands in the register today.

    What was earned in a demonstration counts in demonstrations only.
    """
    rows = session.execute(
        select(Candidate.id, Certificate.level, Certificate.status, Certificate.expires_on)
        .join(Certificate, Certificate.person == Candidate.identity_hash)
        .join(Application, Application.id == Certificate.application_id)
        .where(
            Candidate.id.in_(list(candidates)),
            Certificate.scheme == scheme,
            or_(literal(demonstration), ~Application.demonstration),
        )
    )
    best: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for person, level, status, expires_on in rows:
        over = status == CertificateStatus.VALID and expires_on is not None and expires_on < today
        standing = "expired" if over else status
        best[person][level] = min(best[person].get(level, standing), standing, key=_BEST_FIRST.index)
    return dict(best)
