"""A bank that just suffices, and theory sessions with their candidates, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.delivery import sessions
from app.delivery.starting import Sitter
from app.models.account import Role, User
from app.models.bank import Item, ItemVersion
from app.models.exam import Attempt
from app.models.registration import Application, Candidate, ExamSession, Part, Seat, Site, StaffAssignment, StaffRole
from app.schemes.scheme import scheme
from question_bank.blueprint import make_blueprint
from tests.factories import people

SCHEME, LEVEL = "PTS152010301-01", "junior"
REGISTRAR = Actor(None, "registrar", "test")
_numbers = count(1)
KEYS = {"truefalse": ["T"], "single": ["B"], "multiple": ["A", "C"]}


def bank(session: Session, times: int = 3) -> None:
    """Items that fill every cell of the junior blueprint `times` over; their keys are KEYS."""
    if session.scalar(select(Item.id).where(Item.scheme == SCHEME).limit(1)):
        return
    versions = []
    for cell in make_blueprint(scheme(SCHEME).level(LEVEL)).cells:
        for place in range(cell.count * times):
            code = f"T-{len(versions):04}"
            texts = {} if cell.type == "truefalse" else {one: f"{one} of {code}" for one in "ABCD"}
            versions.append(
                {"code": code, "type": cell.type, "row": cell.row, "content": cell.content,
                 "stem": f"{code} no {place}", "options": texts, "key": KEYS[cell.type]}
            )  # fmt: skip
    items = session.scalars(
        insert(Item).returning(Item.id, sort_by_parameter_order=True),
        [{"code": one["code"], "scheme": SCHEME, "level": LEVEL} for one in versions],
    ).all()
    session.execute(
        insert(ItemVersion),
        [
            {**{k: v for k, v in one.items() if k != "code"}, "item_id": item, "number": 1, "point": "",
             "source": "test", "difficulty": Decimal("0.6"), "rationale": "why", "digest": f"digest of {one['code']}"}
            for item, one in zip(items, versions, strict=True)
        ],
    )  # fmt: skip
    session.flush()


def theory_session(
    session: Session, *, candidates: int = 1, proctors: int = 1, opens_at: datetime | None = None, minutes: int = 120,
    window: timedelta = timedelta(hours=4), hold: int = 0, of: tuple[str, str] = (SCHEME, LEVEL),
) -> ExamSession:  # fmt: skip
    """A planned session whose candidates are seated and whose proctors are present."""
    opens_at = opens_at or clock_now() - timedelta(minutes=1)
    site = Site(name=f"site {next(_numbers)}", capacity=1000, has_network=True, has_monitoring=True)
    session.add(site)
    session.flush()
    exam = ExamSession(
        scheme=of[0], level=of[1], part=Part.THEORY, site_id=site.id, opens_at=opens_at, closes_at=opens_at + window,
        minutes=minutes, late_entry_minutes=30, hold_minutes=hold,
    )  # fmt: skip
    session.add(exam)
    session.flush()
    for number in range(1, candidates + 1):
        seat(session, exam, application(session, of=of), number)
    for _ in range(proctors):
        user = people.user(session, Role.PROCTOR)
        session.add(
            StaffAssignment(session_id=exam.id, user_id=user.id, role=StaffRole.PROCTOR, present_since=opens_at)
        )
    session.flush()
    return exam


def application(session: Session, user: User | None = None, of: tuple[str, str] = (SCHEME, LEVEL)) -> Application:
    user = user or people.user(session, Role.CANDIDATE)
    who = session.scalar(select(Candidate).where(Candidate.user_id == user.id))
    if who is None:
        who = Candidate(
            user_id=user.id, name=user.name, identity_type="passport", identity_cipher=b"", identity_hash=user.username,
            identity_masked="E****", photo=None,
        )  # fmt: skip
        session.add(who)
        session.flush()
    applied = Application(candidate_id=who.id, scheme=of[0], level=of[1], status="admitted")
    session.add(applied)
    session.flush()
    return applied


def seat(session: Session, exam: ExamSession, applied: Application, number: int, extra_seconds: int = 0) -> Seat:
    made = Seat(session_id=exam.id, application_id=applied.id, number=number, extra_seconds=extra_seconds)
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True)
class Sitting:
    """One candidate before an attempt of an open session."""

    session_id: int
    attempt_id: int
    user_id: int
    sitter: Sitter

    @property
    def login_id(self) -> UUID:
        return self.sitter.login_id

    @property
    def actor(self) -> Actor:
        return self.sitter.actor


def sitter(session: Session, user: User, at: datetime | None = None) -> Sitter:
    made = people.login(session, user, at)
    return Sitter(Actor(user.id, user.name, "api"), made.id, made.created_at)


def open_sitting(session: Session, **how: object) -> list[Sitting]:
    """An open session as `theory_session` describes it, each candidate logged in; committed.

    The bank of another scheme than the usual one (`of`) is there already.
    """
    if "of" not in how:
        bank(session)
    exam = theory_session(session, **how)  # type: ignore[arg-type]
    now = clock_now()
    attempts = sessions.prepare_session(session, REGISTRAR, exam.id, now)
    sessions.open_session(session, REGISTRAR, exam.id, now)
    found = [sitting(session, attempt) for attempt in attempts]
    session.commit()
    return found


def sitting(session: Session, attempt: Attempt) -> Sitting:
    user = session.get_one(User, attempt.user_id)
    return Sitting(attempt.session_id, attempt.id, attempt.user_id, sitter(session, user))
