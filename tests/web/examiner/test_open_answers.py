"""Marking open answers on screen and through the API: blind, kept, signed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role, User
from app.models.registration import Application, Seat
from tests.factories import kinds, open_answers, people, theory
from tests.web.visits import visitor

Desk = tuple[FlaskClient, int, list[dict[str, str]], str]


@pytest.fixture
def desk(store: Flask, session: Session) -> Desk:
    (sitting,), panel = open_answers.answered(session)
    headers = [people.bearer(store, session, session.get_one(User, one.user_id)) for one in panel]
    name = session.query(Application).join(Seat).filter(Seat.session_id == sitting.session_id).one().candidate.name
    return visitor(store), sitting.session_id, headers, name


def take(client: FlaskClient, session_id: int, headers: dict[str, str]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/sessions/{session_id}/open-answers", headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json["sheet"]
    return found


def test_an_answer_is_marked_on_screen_without_saying_whose_it_is(desk: Desk) -> None:
    client, session_id, (first, second), name = desk
    home = client.get("/examiner/", headers=first).text
    assert "共 1 份答案，已定分 0 份" in home
    answer = client.post(f"/examiner/sessions/{session_id}/answers", headers=first)
    assert answer.status_code == 303
    page = client.get(answer.location, headers=first).text
    assert name not in page
    assert "&lt;b&gt;再说明退款时限&lt;/b&gt;" in page
    wrong = client.post(answer.location, data={"points-1": "18.3", "note": "思路清楚"}, headers=first)
    assert wrong.status_code == 422
    assert 'value="18.3"' in wrong.text
    assert "思路清楚" in wrong.text
    signed = client.post(answer.location, data={"points-1": "12", "note": "思路清楚", "sign": "1"}, headers=first)
    assert signed.status_code == 307
    nothing_left = client.post(signed.location, headers=first)
    assert nothing_left.location == "/examiner/"
    shown = client.get(answer.location, headers=first).text
    assert "readonly" in shown
    assert client.get(answer.location, headers=second).status_code == 404


def test_the_api_hands_out_keeps_and_signs(desk: Desk) -> None:
    client, session_id, (first, second), name = desk
    (work,) = client.get("/api/v1/open-answers", headers=first).json["sessions"]
    assert (work["session"], work["answers"], work["settled"], work["begun"]) == (session_id, 1, 0, None)
    for headers, points in ((first, "12"), (second, 11.5)):
        sheet = take(client, session_id, headers)
        assert name not in str(sheet)
        place = f"/api/v1/open-answers/{sheet['id']}"
        saved = client.put(f"{place}/marks", json={"points": {"1": points}, "note": "x"}, headers=headers)
        assert saved.json["points"] == {"1": str(points)}
        signed = client.post(f"{place}/sign", headers=headers)
        assert signed.json["state"] == "signed"
        refused = client.put(f"{place}/marks", json={"points": {"1": "1"}}, headers=headers)
        assert (refused.status_code, refused.json["error"]["code"]) == (409, "sheet_signed")
    (work,) = client.get("/api/v1/open-answers", headers=first).json["sessions"]
    assert work["settled"] == 1
    assert take(client, session_id, first) is None


def test_a_sheet_is_given_back(desk: Desk) -> None:
    client, session_id, (first, second), _ = desk
    sheet = take(client, session_id, first)
    assert client.delete(f"/api/v1/open-answers/{sheet['id']}", headers=second).status_code == 404
    assert client.delete(f"/api/v1/open-answers/{sheet['id']}", headers=first).status_code == 204
    begun = client.post(f"/examiner/sessions/{session_id}/answers", headers=first)
    given = client.post(f"{begun.location}/give-back", headers=first)
    assert given.status_code == 303
    assert client.get(begun.location, headers=first).status_code == 404


def test_the_registrar_adds_an_examiner_after_the_doors_have_closed(desk: Desk, store: Flask, session: Session) -> None:
    client, session_id, _, _ = desk
    headers = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    late = people.user(session, Role.EXAMINER)
    session.commit()
    client.post(f"/registrar/sessions/{session_id}/close", headers=headers)
    page = client.get(f"/registrar/sessions/{session_id}", headers=headers).text
    assert f'value="{late.id}"' in page
    form = {"user": str(late.id), "role": "examiner"}
    assert client.post(f"/registrar/sessions/{session_id}/staff", data=form, headers=headers).status_code == 303
    assert take(client, session_id, people.bearer(store, session, late)) is not None


def test_examiners_see_and_hear_what_the_item_shows(store: Flask, session: Session) -> None:
    """And nothing of items whose answers do not lie on their desk."""
    kinds.bank(session, [replace(one, stimulus=kinds.recording()) if one.type == "open" else one
                         for one in kinds.paper()])  # fmt: skip
    (sitting,) = theory.open_sitting(session, of=kinds.OF)
    panel = open_answers.examiners(session, sitting.session_id, 2)
    open_answers.write(session, sitting.attempt_id, "先致歉。")
    open_answers.hand_in(session, sitting)
    first, other = (people.bearer(store, session, session.get_one(User, one.user_id)) for one in panel)
    client = visitor(store)
    address = client.post(f"/examiner/sessions/{sitting.session_id}/answers", headers=first).location
    page = client.get(address, headers=first).text
    assert kinds.recording().title in page
    shown = client.get(f"/api/v1/open-answers/{address.rsplit('/', 1)[1]}", headers=first).json
    assert shown["material"]["title"] == kinds.recording().title
    sound = f"{address}/media/{kinds.recording().media['told-to-nobody.wav'].sha256}"
    assert sound in page
    assert client.get(sound, headers=first).data == kinds.tone()
    assert client.get(sound, headers=other).status_code == 404
    picture = next(one.media["chart.png"].sha256 for one in kinds.paper() if one.media)
    assert client.get(f"{address}/media/{picture}", headers=first).status_code == 404
