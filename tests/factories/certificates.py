"""Admitted applications with released parts, and certificates issued on them by the demonstration authority."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count

from flask import current_app
from PIL import Image
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.images import clean_photo
from app.models.account import Role, User
from app.models.certificate import Certificate, PartResult
from app.models.registration import Application, Document, DocumentKind, ExamSession, Part
from app.results.verdict import counts_until, part_score
from app.schemes.scheme import scheme
from certificates.register import issue as issuing
from certificates.signing.seals import IssuerChoice, issuers
from tests.factories import people, theory

REGISTRAR = Actor(None, "registrar", "test")
_numbers = count(1)


@cache
def photo() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (400, 560), (90, 120, 140)).save(picture, "JPEG")
    return clean_photo(picture.getvalue())


def choice() -> IssuerChoice:
    return issuers(current_app.extensions["settings"])


def application(session: Session, *, name: str = "王小明", user: User | None = None) -> Application:
    """Admitted, with everything that the junior level asks for."""
    level = scheme(theory.SCHEME).level(theory.LEVEL)
    applied = theory.application(session, user)
    applied.candidate.name, applied.candidate.photo = name, photo()
    applied.occupation, applied.training_mode = level.eligibility.any_of[0], level.training_modes[0]
    applied.training_hours = level.training_hours
    proof = Document(application_id=applied.id, kind=DocumentKind.TRAINING, filename="t.pdf",
                     media_type="application/pdf", content=b"%PDF-", sha256="0")  # fmt: skip
    session.add(proof)
    session.flush()
    return applied


def released_session(session: Session, part: Part, released_at: datetime) -> ExamSession:
    exam = theory.theory_session(session, candidates=0, proctors=0, opens_at=released_at - timedelta(hours=6))
    exam.part, exam.state, exam.released_at = part, "released", released_at
    session.flush()
    return exam


def result(session: Session, applied: Application, part: Part, score: str, released_at: datetime | None = None) -> None:
    """A released score, in a session of its own in which the candidate has a seat."""
    released_at = released_at or clock_now()
    exam = released_session(session, part, released_at)
    theory.seat(session, exam, applied, 1)
    level = scheme(applied.scheme).level(applied.level)
    passed = part_score(level, part, Decimal(score)).passed
    session.add(
        PartResult(
            application_id=applied.id, session_id=exam.id, part=part, score=Decimal(score), passed=passed,
            breakdown={"rows": [{"no": "一", "name": "基础知识", "marks": "8", "of": "10"}]}, released_at=released_at,
            valid_until=counts_until(released_at, level.part_valid_months) if passed else None,
        )
    )  # fmt: skip
    session.flush()


def passed(session: Session, *, name: str = "王小明", user: User | None = None) -> Application:
    """Nothing is in the way of this one's certificate."""
    applied = application(session, name=name, user=user)
    result(session, applied, Part.THEORY, "78")
    result(session, applied, Part.PRACTICAL, "81.25")
    return applied


def issued(session: Session, *, name: str = "王小明", user: User | None = None) -> Certificate:
    """A certificate in the register, committed."""
    applied = passed(session, name=name, user=user)
    made = issuing.issue(session, REGISTRAR, applied.id, clock_now(), choice())
    session.commit()
    return made


def candidate(session: Session) -> User:
    return people.user(session, Role.CANDIDATE)
