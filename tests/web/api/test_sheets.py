"""The examiner's API: own sheets, exact marks, one signature, blind."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role, User
from tests.factories import people, practical
from tests.web.visits import visitor


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


class Tablet:
    def __init__(self, app: Flask, session: Session, client: FlaskClient, duty: practical.Duty) -> None:
        self.client, self.duty = client, duty
        self.headers = people.bearer(app, session, session.get_one(User, duty.examiner_id))
        self.sheet = f"/api/v1/sheets/{duty.sheet_id}"

    def get(self, path: str = "") -> Any:
        return self.client.get(path or self.sheet, headers=self.headers).json

    def put(self, body: object, sheet: str = "") -> tuple[int, Any]:
        answer = self.client.put(f"{sheet or self.sheet}/marks", json=body, headers=self.headers)
        return answer.status_code, answer.json

    def put_text(self, text: str) -> tuple[int, Any]:
        headers = {**self.headers, "Content-Type": "application/json"}
        answer = self.client.put(f"{self.sheet}/marks", data=text, headers=headers)
        return answer.status_code, answer.json

    def post(self, what: str, sheet: str = "") -> tuple[int, Any]:
        answer = self.client.post(f"{sheet or self.sheet}/{what}", headers=self.headers)
        return answer.status_code, answer.json


@pytest.fixture
def pair(store: Flask, session: Session, client: FlaskClient) -> tuple[Tablet, Tablet]:
    _, [first, second] = practical.open_practical(session)
    return Tablet(store, session, client, first), Tablet(store, session, client, second)


def marks(tablet: Tablet, share: int) -> dict[str, str]:
    """The same number of half points below the most, for every criterion."""
    return {c["id"]: str(float(c["points"]) - share / 2) for c in tablet.get()["criteria"]}


def test_own_sheets_with_criteria_marks_and_state(pair: tuple[Tablet, Tablet]) -> None:
    first, _ = pair
    [sheet] = first.get("/api/v1/sheets")["sheets"]
    assert (sheet["id"], sheet["state"], sheet["marks"], sheet["outcome"]) == (first.duty.sheet_id, "open", {}, None)
    assert len(sheet["criteria"]) == len(sheet["missing"]) == 16
    assert [band["grade"] for band in sheet["criteria"][0]["descriptors"]] == ["优", "良", "中", "差"]
    assert first.get(f"/api/v1/sheets?session={sheet['session'] + 1}")["sheets"] == []


def test_marks_as_number_or_text_are_exact(pair: tuple[Tablet, Tablet]) -> None:
    first, _ = pair
    status, saved = first.put({"marks": {"J01": 5.5, "J02": "6.5", "J03": 7}, "notes": {"J01": "好"}})
    assert (status, saved["total"], saved["revision"]) == (200, "19.0", 1)
    assert first.put({"marks": {"J03": None}})[1]["total"] == "12.0"
    assert first.get()["notes"] == {"J01": "好"}


@pytest.mark.parametrize(
    ("points", "code"),
    [("NaN", "points_not_a_number"), ("Infinity", "points_not_a_number"), ("-Infinity", "points_not_a_number"),
     ("1e400", "points_not_a_number"), ('"NaN"', "points_not_a_number"), ("-0.5", "points_negative"),
     ("6.5", "points_above"), ("5.25", "points_step"), ("true", "body_invalid"), ("[]", "body_invalid"),
     (f'"{"9" * 30}"', "body_invalid"), ("9" * 100, "points_above")],
)  # fmt: skip
def test_other_points_are_refused(pair: tuple[Tablet, Tablet], points: str, code: str) -> None:
    first, _ = pair
    status, answer = first.put_text(f'{{"marks": {{"J02": 5, "J01": {points}}}}}')
    assert (status, answer["error"]["code"]) == (422, code)
    assert first.get()["marks"] == {}


def test_unknown_criteria_are_refused(pair: tuple[Tablet, Tablet]) -> None:
    first, _ = pair
    for body in ({"marks": {"J99": 1}}, {"notes": {"J99": "?"}}):
        status, answer = first.put(body)
        assert (status, answer["error"]["code"]) == (422, "criterion_unknown")


def test_the_sheet_of_another_does_not_exist(pair: tuple[Tablet, Tablet]) -> None:
    first, second = pair
    assert first.client.get(second.sheet, headers=first.headers).status_code == 404
    assert first.put({"marks": {"J01": 1}}, second.sheet)[0] == 404
    assert [first.post(what, second.sheet)[0] for what in ("begin", "end", "sign")] == [404, 404, 404]


def test_mark_and_sign_needs_no_more_calls_than_these(pair: tuple[Tablet, Tablet]) -> None:
    first, second = pair
    assert first.post("sign")[1]["error"]["code"] == "sheet_incomplete"
    for tablet, share in ((first, 0), (second, 1)):
        assert tablet.put({"marks": marks(tablet, share)})[0] == 200
    status, signed = first.post("sign")
    assert (status, signed["state"], signed["total"], signed["outcome"]) == (200, "signed", "100.0", None)
    assert second.post("sign")[1]["outcome"]["score"] == "96"
    assert first.post("sign")[1]["outcome"]["score"] == "96"
    status, answer = first.put({"marks": {"J01": 1}})
    assert (status, answer["error"]["code"]) == (409, "sheet_signed")


def test_begin_and_end(pair: tuple[Tablet, Tablet]) -> None:
    first, second = pair
    assert first.post("end")[0] == 409
    began = first.post("begin")[1]["began_at"]
    assert second.post("begin")[1]["began_at"] == began
    assert second.post("end")[1]["ended_at"] is not None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.EXAMINER])
def test_other_roles_have_no_sheets(store: Flask, session: Session, client: FlaskClient, role: Role) -> None:
    headers = people.bearer(store, session, people.user(session, role))
    assert client.get("/api/v1/sheets", headers=headers).status_code == 403
    assert client.get("/api/v1/sheets").status_code == 401
