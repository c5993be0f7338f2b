"""The registrar sees how a name was typed, and what keeps it off a certificate."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import applicants, people


def test_the_application_shows_both_forms_and_what_cannot_be_printed(
    client: FlaskClient, store: Flask, session: Session
) -> None:
    row = applicants.submitted(session)
    row.candidate.name, row.candidate.name_as_typed = "山\U0002ebf0", "⼭\U0002ebf0"
    session.commit()
    headers = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    page = client.get(f"/registrar/applications/{row.id}", headers=headers).text
    assert "“⼭\U0002ebf0”，识别为“山\U0002ebf0”" in page
    assert "U+2EBF0" in page
    told: Any = client.get(f"/api/v1/applications/{row.id}", headers={**headers, "Accept-Language": "en"}).json
    assert told["name_as_typed"] == "⼭\U0002ebf0"
    assert "U+2EBF0" in told["name_problem"]


def test_a_name_in_order_is_not_spoken_of(client: FlaskClient, store: Flask, session: Session) -> None:
    row = applicants.submitted(session)
    session.commit()
    headers = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    told: Any = client.get(f"/api/v1/applications/{row.id}", headers=headers).json
    assert (told["name_as_typed"], told["name_problem"]) == ("", "")
    assert "原始输入的姓名" not in client.get(f"/registrar/applications/{row.id}", headers=headers).text
