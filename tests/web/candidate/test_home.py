"""What a candidate is told to do next."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.models.account import Role, User
from app.models.registration import Part, SessionState
from certificates.register import revocation
from tests.factories import certificates, people, theory
from tests.web.visits import visitor


@pytest.fixture
def user(session: Session) -> User:
    return people.user(session, Role.CANDIDATE)


def next_step(store: Flask, session: Session, user: User) -> str:
    page = visitor(store).get("/my/", headers=people.bearer(store, session, user)).text
    return page.split('id="next-step"')[1].split("</section>")[0]


def test_a_newcomer_applies(store: Flask, session: Session, user: User) -> None:
    assert "/my/apply" in next_step(store, session, user)


def test_who_is_admitted_waits_for_a_place(store: Flask, session: Session, user: User) -> None:
    certificates.application(session, user=user)
    assert "考务员安排场次后" in next_step(store, session, user)


def test_who_sat_waits_for_the_score(store: Flask, session: Session, user: User) -> None:
    exam = theory.theory_session(session, candidates=0)
    theory.seat(session, exam, certificates.application(session, user=user), 1)
    exam.state = SessionState.CLOSED
    assert "成绩公布后将在此显示" in next_step(store, session, user)


def test_results_are_shown_the_way(store: Flask, session: Session, user: User) -> None:
    applied = certificates.application(session, user=user)
    certificates.result(session, applied, Part.THEORY, "59")
    step = next_step(store, session, user)
    assert "成绩已公布" in step
    assert "/results" in step
    certificates.result(session, applied, Part.PRACTICAL, "70")
    assert "成绩已公布" in next_step(store, session, user)


def test_who_passed_both_hears_of_the_certificate(store: Flask, session: Session, user: User) -> None:
    certificates.passed(session, user=user)
    assert "两项考试均已合格" in next_step(store, session, user)


def test_a_certificate_is_ready_while_it_is_valid(store: Flask, session: Session, user: User) -> None:
    made = certificates.issued(session, user=user)
    assert "证书已签发" in next_step(store, session, user)
    registrar = people.user(session, Role.REGISTRAR)
    revocation.suspend(session, Actor(registrar.id, registrar.name, "test"), made.serial, "成绩复核", now())
    session.commit()
    assert "目前无效" in next_step(store, session, user)
