"""Applicants taken through the real use cases."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import count

from PIL import Image
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.crypto import IdentityVault
from app.models.account import Role, User
from app.models.registration import Application, Site
from app.registration import applications, decisions, documents, profiles, sites
from app.registration.applications import Statement
from app.registration.identity import check_digit
from app.registration.profiles import Profile
from app.registration.sites import SiteFacts
from app.schemes.scheme import scheme
from tests.factories import people

SCHEME = "PTS152010301-01"
VAULT = IdentityVault.from_secret("a secret of the tests only")
PDF = b"%PDF-1.7 proof"
REGISTRAR = Actor(None, "registrar", "test")
_numbers = count(1)


def picture(width: int = 400, height: int = 560, kind: str = "JPEG") -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, height), (120, 140, 160)).save(kept, kind)
    return kept.getvalue()


def resident_number(serial: int | None = None) -> str:
    first = f"11000019900101{next(_numbers) % 1000 if serial is None else serial:03}"
    return first + check_digit(first)


def actor(user: User) -> Actor:
    return Actor(user.id, user.name, "test")


def applicant(session: Session, *, number: str | None = None, employer: str = "", school: str = "") -> User:
    """An account with profile and photo."""
    user = people.user(session, Role.CANDIDATE, name="王小明")
    typed = Profile("王小明", "resident", number or resident_number(), employer=employer, school=school)
    profiles.save_profile(session, actor(user), user.id, typed, clock_now(), VAULT)
    profiles.save_photo(session, actor(user), user.id, picture())
    return user


def statement(level: str = "junior", **changes: object) -> Statement:
    found = scheme(SCHEME).level(level)
    fitting = found.eligibility.any_of
    facts = {
        "occupation": fitting[0] if fitting else "",
        "training_hours": found.training_hours,
        "training_mode": found.training_modes[0],
        "recommending_employer": "远航客服中心" if found.needs_recommendation else "",
        "recommended_on": date(2026, 1, 5) if found.needs_recommendation else None,
    }
    return Statement(**{**facts, **changes})  # type: ignore[arg-type]


def draft(session: Session, user: User | None = None, level: str = "junior") -> Application:
    """Complete, but not handed in."""
    user = user or applicant(session)
    row = applications.start_application(session, actor(user), user.id, SCHEME, level)
    applications.save_statement(session, actor(user), user.id, row.id, statement(level))
    documents.add_document(session, actor(user), user.id, row.id, "training", "t.pdf", PDF)
    return row


def submitted(session: Session, user: User | None = None, level: str = "junior") -> Application:
    row = draft(session, user, level)
    user_id = row.candidate.user_id
    return applications.submit(session, Actor(user_id, row.candidate.name, "test"), user_id, row.id, clock_now())


def admitted(session: Session, user: User | None = None, level: str = "junior") -> Application:
    return decisions.admit(session, REGISTRAR, submitted(session, user, level).id, clock_now())


def site(session: Session, capacity: int = 30, *, network: bool = True, monitoring: bool = True) -> Site:
    facts = SiteFacts(f"考点 {next(_numbers)}", capacity, network, monitoring)
    return sites.create_site(session, REGISTRAR, facts)
