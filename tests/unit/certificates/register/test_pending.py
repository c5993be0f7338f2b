from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.certificate import Certificate
from app.models.certificate_life import SuccessionOrder
from certificates.register import making, pending, revocation
from certificates.register.grounds import Succession
from certificates.register.succession import successor
from certificates.signing.unavailable import Unavailable, seal_unavailable
from tests.factories import certificate_life as life
from tests.factories import certificates as factory


@pytest.fixture
def due(session: Session) -> Certificate:
    made = factory.issued(session, name="王小名")
    life.rename(session, made, "王小明")
    session.commit()
    return made


def down(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise seal_unavailable("no device")

    monkeypatch.setattr(making, "pressed", refused)


def ask(session: Session, actor, one: Certificate) -> Certificate:  # type: ignore[no-untyped-def]
    return pending.succeed(session, actor, one.serial, Succession.NAME_CORRECTED, "误录", now(), factory.choice())


def test_what_cannot_be_signed_waits_and_is_done_later(
    session: Session, due: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, actor = life.registrar(session)
    with monkeypatch.context() as outage:
        down(outage)
        for _ in range(2):  # asked twice, it waits once
            with pytest.raises(Unavailable):
                ask(session, actor, due)
            session.commit()
        order = session.scalars(select(SuccessionOrder)).one()
        assert (due.status, successor(session, due), order.problem["code"]) == ("valid", None, "seal_unavailable")
        assert not pending.work(session, now(), factory.choice()), "not before its time"
        assert pending.work(session, now() + timedelta(minutes=1), factory.choice())
        session.commit()
        assert (order.state, order.tries) == ("waiting", 1)
        assert pending.all_waiting(session) == [order]
    assert pending.work(session, now() + timedelta(hours=1), factory.choice())
    session.commit()
    made = successor(session, due)
    assert made
    assert (due.status, made.status, made.holder) == ("replaced", "valid", "王小明")
    assert (order.state, order.successor_id) == ("done", made.id)
    assert pending.waiting(session, due) is None
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "certificate:replaced")).one()
    assert line.actor_name == user.name


def test_what_was_overtaken_is_refused_and_said_why(
    session: Session, due: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        down(outage)
        with pytest.raises(Unavailable):
            ask(session, factory.REGISTRAR, due)
    revocation.revoke(session, factory.REGISTRAR, due.serial, "x", now())
    session.commit()
    assert pending.work(session, now() + timedelta(hours=1), factory.choice())
    session.commit()
    order = session.scalars(select(SuccessionOrder)).one()
    assert (order.state, order.problem["code"]) == ("refused", "status_conflict")
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_a_plain_refusal_leaves_nothing_waiting(session: Session) -> None:
    made = factory.issued(session)
    with pytest.raises(Refusal):
        ask(session, factory.REGISTRAR, made)
    assert pending.all_waiting(session) == []
