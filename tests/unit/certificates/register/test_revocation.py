from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.core.texts import LONGEST_REASON
from app.models.audit import AuditLine
from certificates.register import entries as register
from certificates.register.grounds import Ground
from certificates.register.revocation import reinstate, revoke, suspend
from tests.factories import certificates as factory

BY = factory.REGISTRAR


def test_the_whole_life_is_kept(session: Session) -> None:
    made = factory.issued(session)
    suspend(session, BY, made.serial.lower(), "looked into", now(), ground=Ground.UNDER_REVIEW)
    assert (made.status, made.status_reason) == ("suspended", "under_review")
    reinstate(session, BY, made.serial, "nothing found", now())
    assert (made.status, made.status_reason) == ("valid", "")
    revoke(session, BY, made.serial, " bought ", now(), ground=Ground.FALSE_EVIDENCE)
    assert (made.status, made.status_reason) == ("revoked", "false_evidence")
    events = [(one.event.status, one.event.reason) for one in register.history(session, made)]
    assert events == [("valid", ""), ("suspended", "looked into"), ("valid", "nothing found"), ("revoked", "bought")]
    tags = session.scalars(select(AuditLine.tag).where(AuditLine.subject == "certificate").order_by(AuditLine.id)).all()
    assert tags == [f"certificate:{done}" for done in ("issued", "suspended", "reinstated", "revoked")]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ([revoke], revoke),
        ([revoke], suspend),
        ([revoke], reinstate),
        ([suspend], suspend),
        ([], reinstate),
        ([suspend, reinstate], reinstate),
    ],
)
def test_what_cannot_follow(session: Session, before: list, then) -> None:  # type: ignore[no-untyped-def, type-arg]
    made = factory.issued(session)
    for change in before:
        change(session, BY, made.serial, "x", now())
    with pytest.raises(Refusal) as refused:
        then(session, BY, made.serial, "x", now())
    assert (refused.value.code, refused.value.status) == ("status_conflict", 409)


@pytest.mark.parametrize(("reason", "code"), [("", "reason_missing"), ("  ", "reason_missing"),
                                              ("x" * (LONGEST_REASON + 1), "reason_too_long")])  # fmt: skip
def test_a_reason_is_needed(session: Session, reason: str, code: str) -> None:
    made = factory.issued(session)
    with pytest.raises(Refusal) as refused:
        revoke(session, BY, made.serial, reason, now())
    assert refused.value.code == code


@pytest.mark.parametrize("serial", ["", "301011-2026-AAAA-AAAAA", "\x00"])
def test_an_unknown_number(session: Session, serial: str) -> None:
    with pytest.raises(Refusal) as refused:
        revoke(session, BY, serial, "x", now())
    assert refused.value.status == 404


def test_search(session: Session) -> None:
    one, two = factory.issued(session, name="王小明"), factory.issued(session, name="欧阳·娜")
    suspend(session, BY, two.serial, "x", now())
    assert [c.id for c in register.search(session).entries] == [two.id, one.id]
    assert [c.id for c in register.search(session, "小明").entries] == [one.id]
    assert [c.id for c in register.search(session, "·").entries] == [two.id]
    assert register.search(session, "_").total == 0
    assert [c.id for c in register.search(session, one.serial.lower()).entries] == [one.id]
    assert register.search(session, one.serial[:8]).total == 2
    assert [c.id for c in register.search(session, status="suspended").entries] == [two.id]
    assert register.search(session, "%").total == 0
    assert register.search(session, page=2, size=1).entries[0].id == one.id
