"""A list of people is checked as strictly as each of them alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role
from app.models.registration import Application, Candidate
from app.registration.enrolment import Enrolment, admit_many, register_people
from app.registration.profiles import Profile
from app.schemes.scheme import scheme
from tests.factories import applicants, people
from tests.factories.applicants import REGISTRAR, VAULT

JUNIOR = scheme(applicants.SCHEME).level("junior")


def line(session: Session) -> Enrolment:
    user = people.user(session, Role.CANDIDATE)
    profile = Profile("王小明", "resident", applicants.resident_number())
    proof = {"training": applicants.PDF}
    return Enrolment(user.id, profile, applicants.picture(), applicants.statement(), proof)


def enrol(session: Session, lines: list[Enrolment], registrar: Actor = REGISTRAR) -> list[int]:
    numbers = register_people(session, REGISTRAR, lines, now(), VAULT)
    enrolled = dict(zip(numbers, lines, strict=True))
    return admit_many(session, registrar, JUNIOR, enrolled, now(), demonstration=True)


def test_everybody_is_admitted_with_all_that_belongs_to_it(session: Session) -> None:
    lines = [line(session) for _ in range(3)]
    rows = [session.get_one(Application, number) for number in enrol(session, lines)]
    assert [row.candidate.user_id for row in rows] == [one.user_id for one in lines]
    assert {(row.status, row.demonstration, len(row.documents)) for row in rows} == {("admitted", True, 1)}
    assert all(row.candidate.photo for row in rows)


def test_one_who_does_not_fit_keeps_all_out(session: Session) -> None:
    good, short = line(session), line(session)
    short = replace(short, statement=applicants.statement(training_hours=1), documents={})
    with pytest.raises(Refusal) as refused:
        enrol(session, [good, short])
    (problem,) = refused.value.details["problems"]
    assert [one["code"] for one in problem["reasons"]] == ["training_hours_short", "training_evidence_missing"]
    assert session.scalars(select(Application)).all() == []


def test_a_registrar_enrols_nobody_as_themselves(session: Session) -> None:
    own = line(session)
    with pytest.raises(Refusal) as refused:
        enrol(session, [own], Actor(own.user_id, "x", "test"))
    assert refused.value.details["problems"][0]["reasons"] == [{"code": "own_application"}]


def test_a_document_twice_in_the_list_is_refused(session: Session) -> None:
    one, other = line(session), line(session)
    other = replace(other, profile=one.profile)
    with pytest.raises(Refusal) as refused:
        register_people(session, REGISTRAR, [one, other], now(), VAULT)
    assert refused.value.code == "identity_taken"
    assert session.scalars(select(Candidate)).all() == []


def test_an_empty_list_is_no_fault(session: Session) -> None:
    assert enrol(session, []) == []
