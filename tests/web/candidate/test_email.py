from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import User
from app.models.registration import Seat
from certificates.register import orders
from tests.factories import certificates as factory
from tests.factories import people
from tests.web import visits


def test_saved_corrected_and_removed(client: FlaskClient, app: Flask, session: Session) -> None:
    user = factory.candidate(session)
    headers = people.bearer(app, session, user)
    assert client.get("/results/email", headers=headers).status_code == 200

    token = visits.token(client, "/results/email", headers)

    def save(typed: str) -> int:
        sent = {"email": typed, "csrf_token": token}
        return client.post("/results/email", headers=headers, data=sent).status_code

    assert save("wang@example.com") == 303
    session.expire_all()
    assert session.get_one(User, user.id).email == "wang@example.com"
    wrong = client.post("/results/email", headers=headers, data={"email": "wang", "csrf_token": token})
    assert (wrong.status_code, 'value="wang"' in wrong.text) == (422, True)
    assert save("") == 303
    session.expire_all()
    assert session.get_one(User, user.id).email == ""


def test_a_certificate_that_waits_is_told(client: FlaskClient, app: Flask, session: Session) -> None:
    user = factory.candidate(session)
    applied = factory.passed(session, user=user)
    headers = people.bearer(app, session, user)
    session.commit()
    assert "正在等待电子签名" not in client.get("/results", headers=headers).text
    seat = session.scalars(select(Seat).where(Seat.application_id == applied.id)).first()
    assert seat
    orders.place(session, factory.REGISTRAR, applied.id, now(), seat.session_id)
    session.commit()
    assert "正在等待电子签名" in client.get("/results", headers=headers).text
