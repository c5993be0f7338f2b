"""`flask demo create` goes through the product's own use cases and leaves both sessions open."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import users
from app.cli.demonstration import people
from app.cli.demonstration.accounts import make_accounts
from app.cli.demonstration.applicants import enrolments
from app.cli.demonstration.history import earn, lower_levels
from app.core.audit import SYSTEM
from app.core.clock import now
from app.core.crypto import IdentityVault
from app.models.account import LoginKind, Role, User
from app.models.certificate import Certificate
from app.models.exam import Attempt
from app.models.registration import Application, ExamSession, StaffAssignment
from app.registration.enrolment import admit_many, register_people
from app.registration.identity import read_identity
from app.schemes.scheme import scheme
from tests.factories import theory

SCHEME = "PTS152010301-01"


def create(app: Flask, *words: str) -> Any:
    options = ["--scheme", SCHEME, "--level", "junior", "--json", *words]
    return app.test_cli_runner().invoke(args=["demo", "create", *options])


@pytest.fixture
def made(app: Flask, session: Session) -> dict[str, Any]:
    theory.bank(session)
    session.commit()
    result = create(app, "--candidates", "3", "--minutes", "7")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_it_prints_what_others_rely_on(made: dict[str, Any]) -> None:
    assert list(made)[:6] == ["session", "practical_session", "candidates", "proctors", "examiners", "registrar"]
    assert [len(made[key]) for key in ("candidates", "proctors", "examiners")] == [3, 1, 2]
    assert set(made["candidates"][0]) == {"username", "password", "attempt"}
    assert set(made["registrar"]) == {"username", "password"}


def test_both_sessions_are_open_and_nobody_waits(session: Session, made: dict[str, Any]) -> None:
    exam = session.get_one(ExamSession, made["session"])
    practical = session.get_one(ExamSession, made["practical_session"])
    assert (exam.state, practical.state, exam.part, practical.part) == ("open", "open", "theory", "practical")
    assert (exam.minutes, exam.hold_minutes, exam.demonstration) == (7, 0, True)
    assert exam.late_entry_minutes * 60 >= (exam.closes_at - exam.opens_at).total_seconds()
    assert practical.minutes == scheme(SCHEME).level("junior").practical.minutes
    attempts = {attempt.id: attempt for attempt in session.scalars(select(Attempt))}
    for candidate in made["candidates"]:
        attempt = attempts[candidate["attempt"]]
        assert session.get_one(User, attempt.user_id).username == candidate["username"]


def test_every_login_works_and_has_its_own_password(session: Session, made: dict[str, Any]) -> None:
    people_of = [*made["candidates"], *made["proctors"], *made["examiners"], made["registrar"], made["auditor"]]
    visit = users.Visit(LoginKind.TOKEN, now())
    for one in people_of:
        assert users.log_in(session, one["username"], one["password"], visit)
    assert len({one["password"] for one in people_of}) == len(people_of)


def test_everybody_was_admitted_with_a_reason_to_be(session: Session, made: dict[str, Any]) -> None:
    rows = session.scalars(select(Application)).all()
    assert {(row.status, row.demonstration, len(row.documents)) for row in rows} == {("admitted", True, 1)}
    assert all(row.candidate.photo for row in rows)


def test_too_few_proctors_and_nothing_is_made(app: Flask, session: Session) -> None:
    theory.bank(session)
    session.commit()
    result = create(app, "--candidates", "31", "--proctors", "1", "--examiners", "2")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["error"]["code"] == "understaffed"
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_staff_as_the_ratios_ask(app: Flask, session: Session) -> None:
    theory.bank(session)
    session.commit()
    made = json.loads(create(app, "--candidates", "41").stdout)
    assert (len(made["proctors"]), len(made["examiners"])) == (2, 3)
    present = session.scalars(select(StaffAssignment).where(StaffAssignment.left_at.is_(None))).all()
    assert all(one.present for one in present)


@pytest.mark.parametrize("words", [("--candidates", "0"), ("--candidates", "3", "--minutes", "0"), ()])
def test_bad_options_are_refused(app: Flask, session: Session, words: tuple[str, ...]) -> None:
    assert create(app, *words).exit_code == 2


def test_two_demonstrations_live_side_by_side(app: Flask, session: Session, made: dict[str, Any]) -> None:
    again = json.loads(create(app, "--candidates", "2").stdout)
    assert again["session"] != made["session"]
    assert not {c["username"] for c in again["candidates"]} & {c["username"] for c in made["candidates"]}


def test_invented_identity_numbers_are_well_formed_and_different() -> None:
    numbers, today = [people.identity_number(person) for person in range(0, 200_000, 997)], datetime.now(UTC).date()
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert read_identity("resident", number, today).number == number


def test_the_third_candidate_has_a_rare_character() -> None:
    assert any(ord(character) > 0x9FFF or 0x3400 <= ord(character) < 0x4E00 for character in people.candidate_name(2))
    assert len({people.candidate_name(index) for index in range(200)}) > 150


@pytest.mark.parametrize("code", ["intermediate", "senior"])
def test_lower_certificates_are_in_the_register_first(app: Flask, session: Session, code: str) -> None:
    level = scheme(SCHEME).level(code)
    with app.test_request_context():
        accounts = make_accounts(session, SYSTEM, Role.CANDIDATE, ["甲", "乙"], "t")
        vault: IdentityVault = app.extensions["identity_vault"]
        numbers = register_people(session, SYSTEM, enrolments(accounts, level, now()), now(), vault)
        for lower in lower_levels(level):
            earn(
                session, SYSTEM, lower, dict(zip(numbers, enrolments(accounts, lower, now()), strict=True)), now(), "t"
            )
        enrolled = dict(zip(numbers, enrolments(accounts, level, now()), strict=True))
        assert len(admit_many(session, SYSTEM, level, enrolled, now(), demonstration=True)) == 2
    kept = session.scalars(select(Certificate)).all()
    assert {row.level for row in kept} == {lower.code for lower in lower_levels(level)}
    assert all(row.demonstration for row in kept)
