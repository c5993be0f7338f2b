"""The panel page: allocation, progress, a third and another examiner."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.practical.panels import absence
from tests.factories import people, practical, sheet_forms, theory
from tests.web.visits import token

Headers = dict[str, str]


def test_allocate_from_the_page(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = practical.practical_session(session, candidates=2, examiners=3)
    session.commit()
    address = f"/registrar/sessions/{exam.id}/panel"
    assert client.post(address + "/allocate", headers=registrar).status_code == 303
    page = client.get(address, headers=registrar).text
    assert all(place.user.name in page for place in exam.staff)


def test_call_a_third_examiner(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam, duties = practical.open_practical(session)
    for duty, total in zip(duties, ("50", "75"), strict=True):
        practical.mark_and_sign(session, duty, total)
    seat_id = session.scalar(select(Seat.id).where(Seat.session_id == exam.id))
    session.commit()
    address = f"/registrar/sessions/{exam.id}/panel/seats/{seat_id}/third"
    assert address in client.get(f"/registrar/sessions/{exam.id}/panel", headers=registrar).text
    assert "没有可为该考生评分的考评员" in client.get(address, headers=registrar).text
    late = practical.examiner(session, exam)
    session.commit()
    form = {"examiner": duties[0].examiner_id, "csrf_token": token(client, address, registrar)}
    assert client.post(address, data=form, headers=registrar).status_code == 422
    assert client.post(address, data={**form, "examiner": late.id}, headers=registrar).status_code == 303
    third = session.scalar(select(RubricSheet).where(RubricSheet.order == "third"))
    assert third is not None
    assert third.examiner_id == late.id


def test_another_examiner_begins_afresh(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam, [first, _] = practical.open_practical(session)
    practical.mark(session, first, "50")
    fresh = practical.examiner(session, exam)
    session.commit()
    address = f"/registrar/sessions/{exam.id}/panel/sheets/{first.sheet_id}/replace"
    form = {"examiner": fresh.id, "csrf_token": token(client, address, registrar)}
    assert client.post(address, data=form, headers=registrar).status_code == 422
    assert client.post(address, data={**form, "reason": "突发疾病"}, headers=registrar).status_code == 303
    session.expire_all()
    sheet = session.scalar(select(RubricSheet).where(RubricSheet.examiner_id == fresh.id))
    assert sheet is not None
    assert (sheet.order, sheet.marks) == ("first", [])


def test_only_registrars_and_auditors_see_a_panel(store: Flask, client: FlaskClient, session: Session) -> None:
    exam, [first, _] = practical.open_practical(session)
    address = f"/registrar/sessions/{exam.id}/panel"
    for role in Role:
        headers = people.bearer(store, session, people.user(session, role))
        sees, plans = role in (Role.REGISTRAR, Role.AUDITOR), role == Role.REGISTRAR
        assert client.get(address, headers=headers).status_code == (200 if sees else 403)
        for page in (f"/sheets/{first.sheet_id}/replace", "/seats/999/third"):
            assert (client.get(address + page, headers=headers).status_code == 403) == (not plans)
        assert client.post(address + "/allocate", headers=headers).status_code == (303 if plans else 403)


def test_a_theory_session_has_no_panel_page(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = theory.theory_session(session)
    session.commit()
    assert client.get(f"/registrar/sessions/{exam.id}/panel", headers=registrar).status_code == 404


def test_a_new_sheet_is_offered_until_somebody_begins(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    exam, [duty, _] = practical.open_practical(session)
    sheet_forms.in_force(session)
    session.commit()
    address = f"/registrar/sessions/{exam.id}/panel"
    assert "改用新版评分表" in client.get(address, headers=registrar).text
    assert client.post(address + "/form", headers=registrar).status_code == 303
    session.expire_all()
    sheet = session.get_one(RubricSheet, duty.sheet_id)
    assert sheet.rubric == sheet_forms.RUBRIC.to_keep()
    assert "panel/form" not in client.get(address, headers=registrar).text
    refused = client.post(f"/api/v1/sessions/{exam.id}/panel/form", headers=registrar)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "form_in_use")


def test_before_closing_it_says_of_whom_nothing_is_known(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    """A tablet that works without a network may still hold their marks, and after closing these would not count."""
    exam, duties = practical.open_practical(session, candidates=3)
    address = f"/registrar/sessions/{exam.id}"
    assert "3 名（座位 1、2、3）" in client.get(address, headers=registrar).text
    practical.mark(session, duties[0], "70")
    seat_id = session.get_one(RubricSheet, duties[2].sheet_id).seat_id
    absence.candidate_absent(session, practical.REGISTRAR, exam.id, seat_id, "未到", now())
    session.commit()
    assert "1 名（座位 3）" in client.get(address, headers=registrar).text
