"""The examiner's pages, without script."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role, User
from app.models.practical import RubricSheet
from app.practical.marking.standing import value_of
from tests.factories import people, practical
from tests.web.visits import visitor

Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


class Examiner:
    def __init__(self, app: Flask, session: Session, client: FlaskClient, duty: practical.Duty) -> None:
        self.client, self.duty = client, duty
        self.headers = people.bearer(app, session, session.get_one(User, duty.examiner_id))
        self.page = f"/examiner/sheets/{duty.sheet_id}"

    def read(self, address: str = "") -> str:
        answer = self.client.get(address or self.page, headers=self.headers)
        assert answer.status_code == 200
        return answer.text

    def send(self, what: str = "", **form: str) -> tuple[int, str]:
        answer = self.client.post(self.page + what, data=form, headers=self.headers)
        return answer.status_code, answer.text


@pytest.fixture
def pair(store: Flask, session: Session, client: FlaskClient) -> tuple[Examiner, Examiner]:
    _, [first, second] = practical.open_practical(session)
    return Examiner(store, session, client, first), Examiner(store, session, client, second)


def stored(session: Session, examiner: Examiner) -> RubricSheet:
    return session.get_one(RubricSheet, examiner.duty.sheet_id, populate_existing=True)


def test_home_lists_the_candidates_with_their_state(pair: tuple[Examiner, Examiner]) -> None:
    first, _ = pair
    page = first.read("/examiner/")
    assert first.page in page
    assert "待考" in page
    assert first.send("/begin")[0] == 303
    assert "考核中" in first.read("/examiner/")


def test_a_band_pressed_without_script_saves_all_that_is_typed(
    session: Session, pair: tuple[Examiner, Examiner]
) -> None:
    first, _ = pair
    status, _page = first.send("", **{"points-J01": "5.5", "note-J01": "自然", "points-J02": "", "set": "J02=6.5"})
    assert status == 303
    sheet = stored(session, first)
    assert value_of(sheet).awarded == {"J01": Decimal("5.5"), "J02": Decimal("6.5")}
    page = first.read()
    assert "自然" in page
    assert 'aria-pressed="true"' in page


def test_wrong_points_are_shown_again_with_the_reason(session: Session, pair: tuple[Examiner, Examiner]) -> None:
    first, _ = pair
    status, page = first.send("", **{"points-J01": "99", "points-J02": "6"})
    assert status == 422
    assert "J01" in page
    assert "超过本项满分" in page
    assert 'value="99"' in page
    assert stored(session, first).marks == []


def test_review_names_what_is_missing_and_then_signs(session: Session, pair: tuple[Examiner, Examiner]) -> None:
    first, second = pair
    assert "J14" in first.read(first.page + "/review")
    practical.mark(session, first.duty, "72.5")
    practical.mark(session, second.duty, "80.5")
    session.commit()
    assert "72.5" in first.read(first.page + "/review")
    assert first.send("/sign")[0] == 303
    assert "80.5" not in first.read()
    assert second.send("/sign")[0] == 303
    for page in (first.read(), second.read()):
        assert "76.5" in page
    assert "双方已签字" in first.read("/examiner/")


def test_the_sheet_of_another_does_not_exist(pair: tuple[Examiner, Examiner]) -> None:
    first, second = pair
    for path in ("", "/review", "/photo"):
        assert first.client.get(second.page + path, headers=first.headers).status_code == 404
    for path in ("", "/begin", "/end", "/sign"):
        assert first.client.post(second.page + path, headers=first.headers).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.EXAMINER])
def test_other_roles_do_not_mark(store: Flask, session: Session, pair: tuple[Examiner, Examiner], role: Role) -> None:
    first, _ = pair
    headers = people.bearer(store, session, people.user(session, role))
    for path in ("/examiner/", first.page, first.page + "/review"):
        assert first.client.get(path, headers=headers).status_code == 403
    assert first.client.post(first.page + "/sign", headers=headers).status_code == 403
