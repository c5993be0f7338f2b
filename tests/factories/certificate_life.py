"""Certificates whose life goes on: schemes with a term, and documents that cost nothing to make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.models.account import Role, User
from app.models.certificate import Certificate
from app.schemes import scheme as schemes
from app.schemes.scheme import Renewal, Scheme
from certificates.register import making, naming
from certificates.signing.levels import Level, Signed
from tests.factories import certificates, people, theory

RULE = Renewal(months_before=6, months_after=2, training_hours=20)
MONTHS = 36
_numbers = count(1)


def with_terms(monkeypatch: pytest.MonkeyPatch, months: int | None = MONTHS, rule: Renewal | None = RULE) -> None:
    """The scheme of the tests, with certificates that end."""
    known: Mapping[str, Scheme] = schemes.schemes()
    one = known[theory.SCHEME]
    levels = tuple(replace(level, certificate_valid_months=months, renewal=rule) for level in one.levels)
    monkeypatch.setattr(schemes, "schemes", lambda: {**known, theory.SCHEME: replace(one, levels=levels)})


def without_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what the register does: what is stored differs from certificate to certificate and says nothing."""
    monkeypatch.setattr(making, "pressed", lambda *_: Signed(b"%%PDF no %d" % next(_numbers), Level.B_B, None))


def registrar(session: Session, *roles: Role) -> tuple[User, Actor]:
    user = people.user(session, Role.REGISTRAR, *roles)
    return user, Actor(user.id, user.name, "test")


def rename(session: Session, certificate: Certificate, name: str) -> None:
    """The holder's name is put right; the certificate still bears the old one."""
    naming.correct_name(
        session, certificates.REGISTRAR, certificate.application_id, name, "误录", "居民户口簿 2026-1", now()
    )
