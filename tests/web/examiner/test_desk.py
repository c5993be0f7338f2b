"""The desk of a panel's head: nothing before both have signed, and everything that was ever entered afterwards."""

from __future__ import annotations

from base64 import b64encode
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role, User
from app.models.registration import Seat, StaffAssignment
from app.practical.marking import corrections, entries, evidence, raters, thirds
from app.practical.marking.merging import Entry
from app.practical.marking.standing import seat_standing
from app.practical.typed.code import code_of
from app.web.examiner import desk
from tests.factories import papers, people, practical, sheet_forms
from tests.factories.evidence import photo, picture
from tests.factories.practical import REGISTRAR, Duty, mark_and_sign
from tests.web.visits import visitor

Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def heading(app: Flask, session: Session, session_id: int, user_id: int) -> Headers:
    rows = update(StaffAssignment).where(StaffAssignment.session_id == session_id)
    session.execute(rows.where(StaffAssignment.user_id == user_id).values(head=True))
    return people.bearer(app, session, session.get_one(User, user_id))


def test_a_head_who_still_marks_reads_nothing_of_the_others_correction(
    client: FlaskClient, session: Session, store: Flask
) -> None:
    exam, [first, second] = practical.open_practical(session)
    mark_and_sign(session, first, "80")
    asked = corrections.ask(
        session, first.actor, first.sheet_id, first.examiner_id, {"J01": "0.5"}, notes={}, reason="J01 应为 0.5 分",
        now=now(),
    )  # fmt: skip
    head = heading(store, session, exam.id, second.examiner_id)
    session.commit()
    page = client.get(f"/panel/{exam.id}", headers=head).text
    assert "0.5" not in page
    assert 'value="agree"' not in page
    decided = client.post(f"/api/v1/corrections/{asked.id}/decide", json={"agree": True}, headers=head)
    assert (decided.status_code, decided.json["error"]["code"]) == (409, "correction_blind")
    mark_and_sign(session, second, "80")
    session.commit()
    assert "J01 应为 0.5 分" in client.get(f"/panel/{exam.id}", headers=head).text


def test_a_raters_correction_shows_with_its_group(client: FlaskClient, session: Session, store: Flask) -> None:
    sheet_forms.in_force(session)
    exam, duties = practical.open_practical(session)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    mate = people.user(session, Role.EXAMINER)
    rating = Duty.of(raters.name_rater(session, REGISTRAR, exam.id, seat.id, "group", mate.username, now()))
    for duty in (duties[0], duties[1], rating):
        mark_and_sign(session, duty, "80")
    corrections.ask(
        session, rating.actor, rating.sheet_id, mate.id, {"J01": "0.5"}, notes={}, reason="记错一行", now=now()
    )
    registrar = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    session.commit()
    assert seat_standing(session, seat).both_signed
    answer = client.get(f"/panel/{exam.id}", headers=registrar)
    assert (answer.status_code, "小组评" in answer.text, "记错一行" in answer.text) == (200, True, True)


def test_a_replaced_examiners_work_is_kept_and_what_their_tablet_sends_joins_it(
    client: FlaskClient, session: Session, store: Flask
) -> None:
    exam, [first, second] = practical.open_practical(session)
    tap = Entry(uuid4(), 1, 1, "points", "J01", 5)  # type: ignore[arg-type]
    entries.take_in(session, first.actor, first.sheet_id, first.examiner_id, [tap], now())
    evidence.add(session, first.actor, first.sheet_id, first.examiner_id, photo(caption="话务台"), now())
    papers.type_in(session, first, papers.typist(session, "陈录入"), papers.points(session, first))
    other = practical.examiner(session, exam)
    fresh = thirds.replace_examiner(session, REGISTRAR, first.sheet_id, other.id, reason="突发不适", now=now())
    gone = people.bearer(store, session, session.get_one(User, first.examiner_id))
    registrar = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    session.commit()
    late = {"device": str(uuid4()), "entries": [{"seq": 1, "stamp": 2, "kind": "note", "key": "J02", "note": "迟到"}]}
    address = f"/api/v1/sheets/{first.sheet_id}"
    for kept in (1, 0):
        answer = client.post(address + "/entries", json=late, headers=gone)
        assert (answer.status_code, answer.json["state"], answer.json["kept_late"]) == (200, "discarded", kept)
    content = b64encode(picture()).decode()
    piece = {"client_key": str(uuid4()), "criterion": "J03", "kind": "photo", "content": content, "caption": "后到"}
    answer = client.post(address + "/evidence", json=piece, headers=gone)
    assert (answer.status_code, answer.json["late"]) == (200, True)
    stranger = people.bearer(store, session, session.get_one(User, second.examiner_id))
    assert client.post(address + "/entries", json=late, headers=stranger).status_code == 404
    desk = f"/panel/{exam.id}/seats/{fresh.seat_id}"
    assert "话务台" not in client.get(desk, headers=registrar).text
    assert client.get(desk + "/discarded/1", headers=registrar).status_code == 404
    for duty in (Duty.of(fresh), second):
        mark_and_sign(session, duty, "80")
    session.commit()
    page = client.get(desk, headers=registrar).text
    assert all(
        word in page for word in ("话务台", "后到", "突发不适", "迟到", "5 分", "陈录入", code_of(first.sheet_id))
    )
    answer = client.get(desk + "/discarded/1", headers=registrar)
    assert (answer.status_code, answer.data[:2]) == (200, b"\xff\xd8")
    assert client.get(desk + "/discarded/1", headers=stranger).status_code == 404
    assert client.get(f"/panel/{exam.id}/seats/{fresh.seat_id}/discarded/99", headers=registrar).status_code == 404


def test_talks_by_api(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, [first, second] = practical.open_practical(session)
    seat = session.scalars(select(Seat.id).where(Seat.session_id == exam.id)).one()
    head = heading(store, session, exam.id, practical.examiner(session, exam).id)
    other = people.bearer(store, session, session.get_one(User, first.examiner_id))
    session.commit()
    address = f"/api/v1/sessions/{exam.id}/seats/{seat}/talks"
    said = {"note": "双方核对了 J05 的录音"}
    assert client.get(address, headers=head).status_code == 404
    assert client.post(address, json=said, headers=head).json["error"]["code"] == "sheets_unsigned"
    for duty, total in ((first, "80"), (second, "55")):
        mark_and_sign(session, duty, total)
    session.commit()
    assert client.post(address, json={"note": " "}, headers=head).status_code == 422
    assert client.post(address, json=said, headers=other).status_code == 404
    assert client.post(address, json=said, headers=head).status_code == 201
    [talk] = client.get(address, headers=head).json["talks"]
    assert (talk["note"], talk["seat"]) == (said["note"], seat)
    assert client.get(address, headers=other).status_code == 404


def test_a_beginning_is_taken_back_by_page_and_by_api(client: FlaskClient, session: Session, store: Flask) -> None:
    exam, [duty, _] = practical.open_practical(session)
    examiner = people.bearer(store, session, session.get_one(User, duty.examiner_id))
    session.commit()
    address = f"/api/v1/sheets/{duty.sheet_id}/begin"
    assert client.post(address, headers=examiner).json["began_at"]
    assert client.post(address + "/undo", json={"reason": ""}, headers=examiner).status_code == 422
    assert client.post(address + "/undo", json={"reason": "按错了"}, headers=examiner).json["began_at"] is None
    assert client.post(address, headers=examiner).json["began_at"]
    page = f"/examiner/sheets/{duty.sheet_id}"
    assert "误点了开始" in client.get(page, headers=examiner).text
    undone = client.post(page + "/begin/undo", data={"reason": "又按错了", "slot": ""}, headers=examiner)
    assert undone.status_code == 303
    session.expire_all()
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    assert seat.practical_started_at is None


def test_a_long_session_comes_page_by_page_and_is_signed_as_a_whole(
    client: FlaskClient, session: Session, store: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PAGE", 1)
    exam, duties = practical.open_practical(session, candidates=2)
    for duty in duties:
        mark_and_sign(session, duty, "80")
    head = heading(store, session, exam.id, practical.examiner(session, exam).id)
    names = [seat.application.candidate.name for seat in session.scalars(select(Seat).order_by(Seat.number))]
    session.commit()
    for path in (f"/panel/{exam.id}", f"/panel/{exam.id}/register"):
        one, two = (client.get(f"{path}?page={page}", headers=head).text for page in (1, 2))
        assert [(name in one, name in two) for name in names] == [(True, False), (False, True)]
    digest = client.get(f"/api/v1/sessions/{exam.id}/score-register", headers=head).json["digest"]
    assert f'name="seen" value="{digest}"' in client.get(f"/panel/{exam.id}/register?page=2", headers=head).text
