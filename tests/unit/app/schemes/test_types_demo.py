"""The scheme that shows every item type is no way to a certificate."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.account import Role
from app.registration import applications
from app.schemes.scheme import schemes
from certificates.register.eligibility import Facts, reasons_against
from question_bank.blueprint import make_blueprint
from question_bank.item_types import ITEM_TYPES
from tests.factories import applicants, people

DEMO = schemes()["TYPES-DEMO"].level("demo")


def test_its_paper_holds_every_type() -> None:
    assert {cell.type for cell in make_blueprint(DEMO).cells} == set(ITEM_TYPES)


def test_nobody_applies_for_it(session: Session) -> None:
    user = people.user(session, Role.CANDIDATE)
    with pytest.raises(Refusal) as refused:
        applications.start_application(session, applicants.actor(user), user.id, DEMO.scheme, DEMO.code)
    assert refused.value.code == "scheme_demonstration"


def test_it_is_not_offered(store: Flask, session: Session, client: FlaskClient) -> None:
    headers = people.bearer(store, session, people.user(session, Role.CANDIDATE))
    page = client.get("/my/apply", headers=headers).text
    assert "PTS152010301-01" in page
    assert "TYPES-DEMO" not in page


def test_nobody_is_certified_by_it() -> None:
    assert [reason.code for reason in reasons_against(DEMO, Facts(admitted=True))] == ["scheme_demonstration"]


def test_the_published_standard_is_no_demonstration() -> None:
    assert not any(level.demonstration for level in schemes()["PTS152010301-01"].levels)
