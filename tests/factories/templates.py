"""Templates of certificates, approved by another than their author."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import Actor
from app.models.account import Role
from app.models.certificate_template import CertificateTemplate
from certificates.templates import versions
from tests.factories import people, theory


def in_force(session: Session) -> CertificateTemplate:
    """As the built-in one."""
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    by, now = Actor(author.id, author.name, "test"), clock.now()
    one = versions.start(session, by, theory.SCHEME, now)
    versions.submit(session, by, one.id, one.edition, "年度修订", now)
    return versions.approve(session, Actor(other.id, other.name, "test"), one.id, "", now)
