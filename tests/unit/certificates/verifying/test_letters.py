"""A letter of ours is told from a forged one, and never taken for a certificate."""

from __future__ import annotations

import pytest
from flask import current_app
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.certificate import Certificate
from certificates.papers.letter.pdf import draw
from certificates.register import letters
from certificates.register.entries import history
from certificates.register.revocation import reinstate, revoke, suspend
from certificates.signing.seals import trusted_roots
from certificates.verifying.inquiry import Verification, by_file
from certificates.verifying.steps import steps
from tests.factories import certificates as factory


def asked(session: Session, data: bytes) -> Verification:
    return by_file(session, data, trusted_roots(current_app.extensions["settings"]), now())


@pytest.fixture
def made(session: Session) -> Certificate:
    one = factory.issued(session)
    suspend(session, factory.REGISTRAR, one.serial, "private words", now())
    reinstate(session, factory.REGISTRAR, one.serial, "private words", now())
    return one


def house() -> letters.House:
    return letters.House("示例评价中心", "https://exam.example.org", factory.choice())


def of_reinstatement(session: Session, one: Certificate) -> bytes:
    event = history(session, one)[2].event
    return letters.drawn(session, one, event.id, house(), now()).pdf or b""


def test_it_is_called_a_letter_and_its_certificate_is_told(session: Session, made: Certificate) -> None:
    found = asked(session, of_reinstatement(session, made))
    assert (found.intact, found.trusted, found.valid, found.status) == (True, True, False, "unknown")
    assert found.verdict == "letter"
    assert found.certificate is None
    answer = found.answer(str)
    assert answer["letter"]["number"] == f"{made.serial}/03"
    assert (answer["letter"]["decision"], answer["letter"]["certificate_status"]) == ("reinstated", "valid")
    assert (answer["serial"], answer["holder"]) == (None, None)
    assert "private words" not in str(answer)
    assert [one.outcome for one in steps(found)][-2:] == ["open", "open"]


def test_an_old_letter_does_not_outlive_the_next_decision(session: Session, made: Certificate) -> None:
    letter = of_reinstatement(session, made)
    revoke(session, factory.REGISTRAR, made.serial, "x", now())
    found = asked(session, letter)
    assert not found.valid
    assert found.letter
    assert (found.letter.kind, found.letter.status) == ("reinstated", "revoked")


def test_a_forged_one_is_found(session: Session, made: Certificate) -> None:
    genuine = of_reinstatement(session, made)
    number = history(session, made)[2].event.id
    unsigned = draw(letters.notice(letters.letter_of(session, made, number), house()))
    place = genuine.index(b"stream") + 40
    changed = genuine[:place] + bytes((genuine[place] ^ 1,)) + genuine[place + 1 :]
    for forged, verdict in ((unsigned, "unsigned"), (changed, "signature_copied")):
        found = asked(session, forged)
        assert (found.verdict, found.letter, found.valid) == (verdict, None, False)
