from __future__ import annotations

import threading
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from app.core.audit import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.certificate import Certificate, CertificateEvent
from app.models.monitoring import Incident
from app.models.registration import Application, Part, Seat
from certificates.batches.for_session import issue_for_session
from certificates.register import revocation
from certificates.register.grounds import Ground
from certificates.register.issue import CertificateRefused, issue
from certificates.signing.demo_ca import ensure_demo_ca
from certificates.signing.seals import issuer, issuers, trusted_roots
from certificates.verifying.verification import inspect_pdf
from tests.factories import certificates as factory
from tests.factories import theory

pytestmark = pytest.mark.usefixtures("session")


def issued(session: Session, application_id: int, actor: Actor = factory.REGISTRAR) -> Certificate:
    return issue(session, actor, application_id, now(), factory.choice())


def reasons(session: Session, application_id: int, actor: Actor = factory.REGISTRAR) -> list[str]:
    with pytest.raises(CertificateRefused) as refused:
        issued(session, application_id, actor)
    return [reason.code for reason in refused.value.reasons]


def test_the_certificate_is_stored_signed_and_logged(session: Session) -> None:
    made = issued(session, factory.passed(session, name="李𬭊").id)
    assert (made.status, made.holder, made.level, made.demonstration) == ("valid", "李𬭊", "junior", True)
    assert sha256(made.pdf).hexdigest() == made.sha256
    assert inspect_pdf(made.pdf, trusted_roots(current_app.extensions["settings"])).genuine
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "certificate:issued")).one()
    assert (line.subject_id, line.data["sha256"]) == (made.serial, made.sha256)
    assert session.scalar(select(func.count()).select_from(CertificateEvent)) == 1


def test_without_parts_every_reason_is_told(session: Session) -> None:
    applied = factory.application(session)
    applied.training_hours = 1
    assert reasons(session, applied.id) == ["training_hours_short", "theory_missing", "practical_missing"]
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.sampled_from(["59.99", "60", "60.01"]), st.sampled_from(["59.999", "60", "100"]), st.booleans(), st.booleans()
)
def test_it_exists_only_if_everything_holds(
    session: Session, theory_score: str, practical: str, admitted: bool, quiet: bool
) -> None:
    applied = factory.application(session)
    factory.result(session, applied, Part.THEORY, theory_score)
    factory.result(session, applied, Part.PRACTICAL, practical)
    applied.status = "admitted" if admitted else "withdrawn"
    if not quiet:
        seat = session.scalars(select(Seat).where(Seat.application_id == applied.id)).first()
        assert seat
        session.add(Incident(session_id=seat.session_id, seat_id=seat.id, category="misconduct", description="x"))
        session.flush()
    may = not theory_score.startswith("59") and not practical.startswith("59") and admitted and quiet
    if may:
        assert issued(session, applied.id).status == "valid"
    else:
        assert reasons(session, applied.id)


def test_an_incident_of_the_whole_session_holds_it_back_until_resolved(session: Session) -> None:
    applied = factory.passed(session)
    seat = session.scalars(select(Seat).where(Seat.application_id == applied.id)).first()
    assert seat
    incident = Incident(session_id=seat.session_id, seat_id=None, category="disturbance", description="x")
    notice = Incident(session_id=seat.session_id, seat_id=seat.id, category="takeover", description="x", blocking=False)
    session.add_all([incident, notice])
    session.flush()
    assert reasons(session, applied.id) == ["incident_open"]
    incident.resolved_at = now()
    session.flush()
    assert issued(session, applied.id).status == "valid"


def test_twice_gets_the_first_named(session: Session) -> None:
    applied = factory.passed(session)
    first = issued(session, applied.id)
    with pytest.raises(Refusal) as refused:
        issued(session, applied.id)
    assert (refused.value.code, refused.value.status) == ("already_issued", 409)
    assert refused.value.details == {"serial": first.serial}


def test_at_the_same_moment_there_is_one(session: Session, app: Flask) -> None:
    applied = factory.passed(session).id
    session.commit()
    together, answers = threading.Barrier(4), []

    def press() -> None:
        with app.app_context():
            together.wait()
            try:
                answers.append(issued(db.session(), applied).serial)
                db.session.commit()
            except Refusal as refused:
                answers.append(refused.code)
                db.session.rollback()
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[1:] == ["already_issued"] * 3
    assert session.scalars(select(Certificate.serial)).all() == [sorted(answers)[0]]


def test_a_second_application_of_the_person_gets_none(session: Session) -> None:
    user = factory.candidate(session)
    first = factory.issued(session, user=user)
    session.execute(update(Application).values(status="withdrawn"))
    again = factory.passed(session, user=user)
    with pytest.raises(Refusal) as refused:
        issued(session, again.id)
    assert refused.value.details["serial"] == first.serial


@pytest.mark.parametrize(("ground", "again"), [(Ground.FALSE_EVIDENCE, False), (Ground.ISSUED_IN_ERROR, True)])
def test_after_a_revocation_it_depends_on_the_ground(session: Session, ground: Ground, again: bool) -> None:
    made = factory.issued(session)
    revocation.revoke(session, factory.REGISTRAR, made.serial, "found out", now(), ground=ground)
    if again:
        assert issued(session, made.application_id).serial != made.serial
    else:
        assert reasons(session, made.application_id) == ["revoked_before"]


def test_nobody_issues_to_themselves(session: Session) -> None:
    user = factory.candidate(session)
    applied = factory.passed(session, user=user)
    assert reasons(session, applied.id, Actor(user.id, user.name)) == ["own_certificate"]


def test_unknown_application(session: Session) -> None:
    with pytest.raises(NotFound):
        issued(session, 4711)


def test_a_real_store_signs_nothing_without_a_key(session: Session) -> None:
    applied = factory.passed(session)
    bare = replace(current_app.extensions["settings"], demonstration=False)
    with pytest.raises(Refusal) as refused:
        issue(session, factory.REGISTRAR, applied.id, now(), issuers(bare))
    assert refused.value.code == "seal_missing"
    assert "SIGNING_PKCS12" in str(refused.value)
    with pytest.raises(Refusal):
        list(issue_for_session(session, factory.REGISTRAR, session_of(session, applied), now(), issuers(bare)))


def test_a_demonstration_never_gets_the_real_key(session: Session, tmp_path: Any) -> None:
    ca = ensure_demo_ca(tmp_path / "body")  # stands for the body's own authority
    kept = replace(
        current_app.extensions["settings"],
        demonstration=False,
        signing_pkcs12=tmp_path / "body" / "signer.p12",
        signing_passphrase=ca.passphrase,
        data_dir=tmp_path,
    )
    applied = factory.passed(session)
    real = issue(session, factory.REGISTRAR, applied.id, now(), issuers(kept))
    assert not real.demonstration
    assert inspect_pdf(real.pdf, trusted_roots(kept)).genuine
    other = factory.passed(session, name="演示人")
    other.demonstration = True
    session.flush()
    shown = issue(session, factory.REGISTRAR, other.id, now(), issuers(kept))
    assert shown.demonstration
    assert not inspect_pdf(shown.pdf, issuer(kept, False).roots).trusted


def session_of(session: Session, applied: Application) -> int:
    found = session.scalars(select(Seat.session_id).where(Seat.application_id == applied.id)).first()
    assert found
    return found


def test_a_whole_session(session: Session) -> None:
    exam = theory.theory_session(session, candidates=0)
    good, bad, done = (factory.passed(session, name="甲"), factory.application(session, name="乙"),
                       factory.passed(session, name="丙"))  # fmt: skip
    for number, applied in enumerate((good, bad, done), 1):
        theory.seat(session, exam, applied, number)
    first = issued(session, done.id)
    session.commit()

    def run() -> list[tuple[str, str, list[str]]]:
        outcomes = []
        for one in issue_for_session(session, factory.REGISTRAR, exam.id, now(), factory.choice()):
            session.commit()
            outcomes.append((one.holder, one.status, [reason.code for reason in one.reasons]))
            assert one.status != "already" or one.serial
        return outcomes

    missing = ["theory_missing", "practical_missing"]
    assert run() == [("甲", "issued", []), ("乙", "refused", missing), ("丙", "already", [])]
    assert run() == [("甲", "already", []), ("乙", "refused", missing), ("丙", "already", [])]
    assert session.scalar(select(func.count()).select_from(Certificate)) == 2
    assert first.status == "valid"


def test_a_name_without_a_glyph_refuses_that_one_only(session: Session) -> None:
    exam = theory.theory_session(session, candidates=0)
    for number, name in enumerate(("\U0010fffd", "王二"), 1):
        theory.seat(session, exam, factory.passed(session, name=name), number)
    session.commit()
    outcomes = list(issue_for_session(session, factory.REGISTRAR, exam.id, now(), factory.choice()))
    assert [one.status for one in outcomes] == ["refused", "issued"]
    assert [reason.code for reason in outcomes[0].reasons] == ["character_private"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET pdf = 'other'",
        "UPDATE certificate SET sha256 = 'other'",
        "UPDATE certificate SET holder = '别人'",
        "UPDATE certificate SET serial = 'other'",
        "UPDATE certificate SET issued_on = issued_on - 1",
        "UPDATE certificate SET demonstration = false",
        "DELETE FROM certificate",
        "UPDATE certificate_event SET reason = 'other'",
        "DELETE FROM certificate_event",
        "UPDATE audit_line SET actor_name = 'other'",
        "DELETE FROM audit_line",
    ],
)
def test_the_database_itself_keeps_what_was_issued(session: Session, statement: str) -> None:
    factory.issued(session)
    with pytest.raises(IntegrityError):
        session.execute(text(statement))
    session.rollback()


def test_a_revocation_stays_even_in_the_database(session: Session) -> None:
    made = factory.issued(session)
    revocation.revoke(session, factory.REGISTRAR, made.serial, "x", now())
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE certificate SET status = 'valid'"))
    session.rollback()
    kept = session.scalars(select(Certificate).options(undefer(Certificate.pdf))).one()
    assert sha256(kept.pdf).hexdigest() == kept.sha256
