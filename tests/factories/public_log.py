"""The log's own key of the tests, decisions to enter, and what an attacker with all rights over the database does."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.certificate import Certificate
from certificates.log import sequencing as public_log
from certificates.log.heads import LogKey
from certificates.log.key import required_key
from certificates.register import revocation
from tests.factories import certificates

_GUARDED = (
    "certificate",
    "certificate_event",
    "certificate_letter",
    "public_log_entry",
    "public_log_node",
    "public_log_head",
)


def key() -> LogKey:
    return required_key(current_app.extensions["settings"])


def sequenced(session: Session, now: datetime | None = None) -> int:
    entered = public_log.sequence(session, key(), now or clock_now())
    session.commit()
    return entered


def lived(session: Session, *, name: str = "王小明") -> Certificate:
    """Issued, suspended and reinstated: three events, committed."""
    made = certificates.issued(session, name=name)
    revocation.suspend(session, certificates.REGISTRAR, made.serial, "looked into", clock_now())
    revocation.reinstate(session, certificates.REGISTRAR, made.serial, "nothing found", clock_now())
    session.commit()
    return made


def attack(session: Session, *statements: str) -> None:
    """As the owner of the tables, who can take the triggers away, and the letter of a decision with the decision."""
    for table in _GUARDED:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for statement in statements:
        if statement.startswith("DELETE FROM certificate_event"):
            session.execute(text("DELETE FROM certificate_letter"))
        session.execute(text(statement))
    for table in _GUARDED:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    session.commit()
