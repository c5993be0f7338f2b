from __future__ import annotations

import threading
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.models.audit import AuditLine
from app.models.certificate import Certificate, CertificateEvent
from app.models.certificate_life import CertificateLetter
from certificates.register import entries as register
from certificates.register import letters, replacing, revocation
from certificates.register.grounds import Ground
from certificates.signing.issuer import Issuer
from certificates.signing.unavailable import Unavailable, seal_unavailable
from tests.factories import certificate_life as life
from tests.factories import certificates as factory

BY = factory.REGISTRAR


def key_of_the_demonstration(demonstration: bool) -> Issuer:
    return factory.choice()(demonstration)


HOUSE = letters.House("示例评价中心", "https://exam.example.org", key_of_the_demonstration)


def events(session: Session, one: Certificate) -> list[CertificateEvent]:
    return [row.event for row in register.history(session, one)]


def words(letter: CertificateLetter) -> str:
    assert letter.pdf
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(letter.pdf)).pages)


def test_every_decision_is_told_in_both_languages(session: Session) -> None:
    user, actor = life.registrar(session)
    old = factory.issued(session, name="王小名")
    revocation.suspend(session, actor, old.serial, "核对照片", now(), ground=Ground.UNDER_REVIEW)
    revocation.reinstate(session, actor, old.serial, "照片无误", now())
    life.rename(session, old, "王小明")
    new = replacing.replace(session, actor, old.serial, "户口簿已核对", now(), factory.choice())
    revocation.revoke(session, BY, new.serial, "替考", now(), ground=Ground.IRREGULARITY)
    session.commit()
    kinds = []
    for one in (old, new):
        for number, event in enumerate(events(session, one), 1):
            letter = letters.drawn(session, one, event.id, HOUSE, now())
            kinds.append(letter.facts["kind"])
            assert letter.number == f"{one.serial}/{number:02}"
            said = words(letter)
            for part in (one.holder, one.serial, HOUSE.name, letter.number, event.reason):
                assert part in said.replace("\n", "") or part == "", (letter.number, part)
            assert ("决定人：" + user.name in said) == (event.by is not None)
            assert "DEMONSTRATION" in said
    assert kinds == ["issued", "suspended", "reinstated", "replaced", "issued", "revoked"]
    replacement = words(letters.drawn(session, old, events(session, old)[3].id, HOUSE, now()))
    assert new.serial in replacement
    assert "王小明" in replacement
    assert old.serial in words(letters.drawn(session, new, events(session, new)[0].id, HOUSE, now()))


def test_what_a_letter_says_is_fixed_with_the_decision(session: Session) -> None:
    user, actor = life.registrar(session)
    made = factory.issued(session)
    revocation.suspend(session, actor, made.serial, "x", now())
    user.name = "另一个名字"
    letter = letters.drawn(session, made, events(session, made)[1].id, HOUSE, now())
    assert f"决定人：{actor.name}" in words(letter)
    assert letter.sha256 == sha256(letter.pdf or b"").hexdigest()
    again = letters.drawn(
        session, made, letter.event_id, letters.House("新名称", "https://new.example", factory.choice()), now()
    )
    assert again.sha256 == letter.sha256
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "letter:drawn")).one()
    assert (line.subject_id, line.data["sha256"]) == (letter.number, letter.sha256)
    session.commit()
    for statement in ("UPDATE certificate_letter SET pdf = '\\x00'", "DELETE FROM certificate_letter"):
        with pytest.raises(IntegrityError):
            session.execute(text(statement))
        session.rollback()


def test_asked_for_at_the_same_moment_it_is_one(session: Session, app: Flask) -> None:
    made = factory.issued(session)
    number, event = made.serial, events(session, made)[0].id
    session.commit()
    together, found = threading.Barrier(3), []

    def ask() -> None:
        with app.app_context():
            together.wait()
            one = register.entry(db.session(), number)
            found.append(letters.drawn(db.session(), one, event, HOUSE, now()).sha256)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    assert session.scalars(select(CertificateLetter.number)).all() == [f"{number}/01"]


def test_no_letter_of_another_certificate(session: Session) -> None:
    one, other = factory.issued(session), factory.issued(session, name="李四")
    revocation.suspend(session, BY, one.serial, "x", now())
    for event in events(session, one):
        with pytest.raises(NotFound):
            letters.letter_of(session, other, event.id)


def test_the_longest_and_strangest_reason_fits(session: Session) -> None:
    made = factory.issued(session, name="阿卜杜热依木·麦麦提吐尔逊" * 3)
    reason = "“李𬭊”\n😀 <b>&amp;" + "一，" * 220
    revocation.revoke(session, BY, made.serial, reason, now(), ground=Ground.HOLDER_REQUEST)
    letter = letters.drawn(session, made, events(session, made)[1].id, HOUSE, now())
    said = words(letter)
    assert "[U+1F600]" in said
    assert "李𬭊" in said
    assert 4 <= len(PdfReader(BytesIO(letter.pdf or b"")).pages) <= 5


def test_what_cannot_be_signed_now_is_not_kept(session: Session) -> None:
    made = factory.issued(session)

    def nobody(_demonstration: bool) -> Issuer:
        raise seal_unavailable("no answer")

    away = letters.House("示例评价中心", "https://exam.example.org", nobody)
    event = events(session, made)[0].id
    with pytest.raises(Unavailable):
        letters.drawn(session, made, event, away, now())
    assert session.scalars(select(CertificateLetter.sha256)).all() == [None]
    assert letters.drawn(session, made, event, HOUSE, now()).sha256
