"""From profile to decision, on the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role
from app.models.registration import Application, Candidate
from app.registration import applications, decisions, documents, profiles
from app.registration.facts import reasons_against_application
from app.registration.profiles import Profile
from tests.factories import applicants, certificates, people
from tests.factories.applicants import REGISTRAR, VAULT, actor


def refused(call: object, *args: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value


def test_the_number_is_kept_encrypted_and_shown_masked(session: Session) -> None:
    number = applicants.resident_number()
    user = applicants.applicant(session, number=number)
    kept = session.scalars(select(Candidate).where(Candidate.user_id == user.id)).one()
    assert number not in repr((kept.identity_cipher, kept.identity_hash, kept.identity_masked))
    assert VAULT.open(kept.identity_cipher) == number
    assert kept.identity_masked.count("*") == 11


def test_one_document_is_one_person(session: Session) -> None:
    number = applicants.resident_number()
    applicants.applicant(session, number=number)
    other = people.user(session, Role.CANDIDATE)
    found = refused(
        profiles.save_profile, session, actor(other), other.id, Profile("李", "resident", number), now(), VAULT
    )
    assert found.code == "identity_taken"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "a\nb"])
def test_a_name_that_cannot_be_printed_is_refused(session: Session, name: str) -> None:
    user = people.user(session, Role.CANDIDATE)
    typed = Profile(name, "resident", applicants.resident_number())
    assert refused(profiles.save_profile, session, actor(user), user.id, typed, now(), VAULT).status == 422


def test_a_name_with_markup_is_kept_as_typed(session: Session) -> None:
    user = people.user(session, Role.CANDIDATE)
    typed = Profile("<b>王</b> & 𬭊", "resident", applicants.resident_number())
    assert profiles.save_profile(session, actor(user), user.id, typed, now(), VAULT).name == "<b>王</b> & 𬭊"


def test_who_one_is_stays_fixed_once_handed_in(session: Session) -> None:
    row = applicants.submitted(session)
    who, me = row.candidate, Actor(row.candidate.user_id, "x", "test")
    renamed = Profile("别人", who.identity_type)
    assert refused(profiles.save_profile, session, me, who.user_id, renamed, now(), VAULT).code == "identity_fixed"
    swapped = Profile(who.name, "resident", applicants.resident_number())
    assert refused(profiles.save_profile, session, me, who.user_id, swapped, now(), VAULT).code == "identity_fixed"
    assert refused(profiles.save_photo, session, me, who.user_id, applicants.picture()).code == "photo_fixed"
    moved = Profile(who.name, who.identity_type, employer="新单位")
    assert profiles.save_profile(session, me, who.user_id, moved, now(), VAULT).employer == "新单位"


def test_handing_in_needs_every_condition_and_names_all(session: Session) -> None:
    user = people.user(session, Role.CANDIDATE)
    typed = Profile("王", "passport", "E12345678")
    profiles.save_profile(session, actor(user), user.id, typed, now(), VAULT)
    row = applications.start_application(session, actor(user), user.id, applicants.SCHEME, "初级")
    found = refused(applications.submit, session, actor(user), user.id, row.id, now())
    assert [reason["code"] for reason in found.details["reasons"]] == [
        "photo_missing", "status_not_fitting", "training_hours_short", "training_mode_not_fitting",
        "training_evidence_missing",
    ]  # fmt: skip
    assert row.status == "draft"


def test_handing_in_twice_is_handing_in_once(session: Session) -> None:
    row = applicants.submitted(session)
    at, user_id = row.submitted_at, row.candidate.user_id
    again = applications.submit(session, REGISTRAR, user_id, row.id, now() + timedelta(hours=1))
    assert again.submitted_at == at


def test_one_open_application_for_a_level(session: Session) -> None:
    row = applicants.draft(session)
    user_id = row.candidate.user_id
    assert refused(
        applications.start_application, session, REGISTRAR, user_id, applicants.SCHEME, "junior"
    ).code == "application_exists"  # fmt: skip
    applications.withdraw(session, REGISTRAR, user_id, row.id, now())
    assert applications.start_application(session, REGISTRAR, user_id, applicants.SCHEME, "junior").id != row.id


def test_anothers_application_does_not_exist(session: Session) -> None:
    row, stranger = applicants.draft(session), applicants.applicant(session)
    for call in (applications.submit, applications.withdraw):
        with pytest.raises(NotFound):
            call(session, actor(stranger), stranger.id, row.id, now())


def test_admission_checks_the_day_of_the_decision(session: Session) -> None:
    row = applicants.submitted(session)
    session.execute(text("DELETE FROM document"))
    found = refused(decisions.admit, session, REGISTRAR, row.id, now())
    assert [reason["code"] for reason in found.details["reasons"]] == ["training_evidence_missing"]
    assert row.status == "submitted"


def test_a_decision_leaves_a_line_and_stands(session: Session) -> None:
    row = applicants.admitted(session)
    tags = session.scalars(text("SELECT tag FROM audit_line WHERE subject = 'application' ORDER BY id")).all()
    assert tags[-1] == "application:admitted"
    assert refused(decisions.refuse, session, REGISTRAR, row.id, "反悔", now()).code == "application_not_waiting"
    assert refused(decisions.admit, session, REGISTRAR, row.id, now()).code == "application_not_waiting"


def test_a_refusal_needs_a_reason(session: Session) -> None:
    row = applicants.submitted(session)
    assert refused(decisions.refuse, session, REGISTRAR, row.id, "  ", now()).code == "reason_missing"
    assert refused(decisions.refuse, session, REGISTRAR, row.id, "x" * 501, now()).code == "reason_too_long"
    assert decisions.refuse(session, REGISTRAR, row.id, "照片不清晰", now()).decision_reason == "照片不清晰"


def test_nobody_decides_their_own(session: Session) -> None:
    row = applicants.submitted(session)
    me = Actor(row.candidate.user_id, row.candidate.name, "screen")
    assert refused(decisions.admit, session, me, row.id, now()).code == "own_application"
    assert refused(decisions.refuse, session, me, row.id, "x", now()).code == "own_application"


def test_the_register_is_asked_for_the_lower_level(session: Session) -> None:
    certificate = certificates.issued(session)
    user_id = certificate.application.candidate.user_id
    higher = applications.start_application(session, REGISTRAR, user_id, applicants.SCHEME, "intermediate")
    against = {reason.code for reason in reasons_against_application(session, higher, now())}
    assert "prerequisite_missing" not in against
    certificate.status = "suspended"
    against = {reason.code for reason in reasons_against_application(session, higher, now())}
    assert "prerequisite_not_valid" in against


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "document_empty"), (b"MZ\x90", "document_unreadable"), (b"<html>", "document_unreadable"),
     (b"%PDF-" + b"0" * (5 * 1024 * 1024), "document_too_large")],
)  # fmt: skip
def test_documents_are_judged_by_their_content(session: Session, content: bytes, code: str) -> None:
    row = applicants.draft(session)
    user_id = row.candidate.user_id
    args = (session, REGISTRAR, user_id, row.id, "training", "proof.pdf", content)
    assert refused(documents.add_document, *args).code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [("..\\..\\a.pdf", "a.pdf"), ("/etc/passwd", "passwd"), ("", "document"), ("学\x00时.pdf", "学时.pdf")],
)
def test_a_file_name_is_only_a_name(session: Session, given: str, kept: str) -> None:
    row = applicants.draft(session)
    made = documents.add_document(session, REGISTRAR, row.candidate.user_id, row.id, "training", given, b"%PDF-")
    assert made.filename == kept


def test_documents_of_a_handed_in_application_stay(session: Session) -> None:
    row: Application = applicants.submitted(session)
    user_id, document = row.candidate.user_id, row.documents[0]
    args = (session, REGISTRAR, user_id, row.id, document.id)
    assert refused(documents.remove_document, *args).code == "application_handed_in"
    assert documents.own_document(session, user_id, row.id, document.id).content == applicants.PDF
