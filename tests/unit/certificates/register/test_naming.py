from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.registration import Candidate
from certificates.register.naming import correct_name, corrections
from tests.factories import certificate_life as life
from tests.factories import certificates as factory


def test_every_name_of_before_is_kept(session: Session) -> None:
    user, actor = life.registrar(session)
    applied = factory.application(session, name="王小名")
    correct_name(session, actor, applied.id, " 王小明 ", "误录", "身份证（原件）", now())
    correct_name(session, actor, applied.id, "王晓明", "改名", "户口簿 2026-11-01", now())
    session.commit()
    person = session.scalars(select(Candidate)).one()
    assert person.name == "王晓明"
    found = corrections(session, person.id)
    assert [(one.made.before, one.made.after, one.by) for one in found] == [
        ("王小明", "王晓明", user.name), ("王小名", "王小明", user.name)
    ]  # fmt: skip
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "candidate:name:corrected")).first()
    assert line
    assert (line.data["before"], line.data["document"]) == ("王小名", "身份证（原件）")


@pytest.mark.parametrize(
    ("name", "reason", "document", "code"),
    [
        ("王小明", "x", "y", "name_same"),
        (" 王小明 ", "x", "y", "name_same"),
        ("", "x", "y", "name_invalid"),
        ("王大明", " ", "y", "reason_missing"),
        ("王大明", "x" * 501, "y", "reason_too_long"),
        ("王大明", "x", "", "document_missing"),
        ("王大明", "x", "y" * 201, "document_invalid"),
        ("王大明", "x", "y\x07", "document_invalid"),
        ("王⼤明", "x", "y", "name_to_confirm"),
    ],
)
def test_what_is_refused(session: Session, name: str, reason: str, document: str, code: str) -> None:
    applied = factory.application(session)
    with pytest.raises(Refusal) as refused:
        correct_name(session, factory.REGISTRAR, applied.id, name, reason, document, now())
    assert refused.value.code == code
    assert applied.candidate.name == "王小明"


def test_what_was_understood_stands_once_it_is_said_to_be_right(session: Session) -> None:
    applied = factory.application(session)
    correct_name(session, factory.REGISTRAR, applied.id, "王⼤明", "x", "y", now(), understood="王大明")
    assert (applied.candidate.name, applied.candidate.name_as_typed) == ("王大明", "王⼤明")


def test_a_draft_is_nobodys_business(session: Session) -> None:
    applied = factory.application(session)
    applied.status = "draft"
    session.flush()
    with pytest.raises(NotFound):
        correct_name(session, factory.REGISTRAR, applied.id, "王大明", "x", "y", now())
