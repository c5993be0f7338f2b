"""Any receipt handed out is known again, and says what it covers."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.delivery import receipt_check, sessions
from app.models.account import Role
from tests.factories import people, theory
from tests.web.api.test_attempts import Seat, one


@pytest.fixture
def seat(store: Flask) -> Seat:
    with store.app_context():
        (sitting,) = theory.open_sitting(db.session())
    made = Seat(store, sitting)
    made.start()
    return made


@pytest.fixture
def kept(seat: Seat) -> list[str]:
    """The receipts of three saves, of two, one and three changes, and of handing in."""
    batches = [
        (one(1, 1, "T"), one(2, 2, "F")),
        (one(4, 21, "A", flagged=True),),
        (one(5, 1), one(6, 3, "T"), one(9, 90, "A")),
    ]
    return [seat.change(*batch).json["receipt"] for batch in batches] + [seat.submit().json["receipt"]]


def test_each_receipt_says_what_it_covers(store: Flask, seat: Seat, kept: list[str]) -> None:
    with store.app_context():
        found = [receipt_check.check(db.session(), seat.sitting.attempt_id, value) for value in kept]
    assert all(one.holds and one.intact for one in found)
    assert [(one.link.changes, one.link.last_seq, one.link.closing) for one in found if one.link] == [
        (2, 2, False), (3, 4, False), (6, 9, False), (6, 9, True),
    ]  # fmt: skip
    assert [one.latest for one in found] == [False, False, False, True]
    times = [one.link.at for one in found if one.link]
    assert times == sorted(times)


def test_a_copy_by_hand_may_be_short_spaced_and_in_capitals(store: Flask, seat: Seat, kept: list[str]) -> None:
    with store.app_context():
        for written in (kept[1][:16], kept[1].upper(), " ".join(kept[1][at : at + 4] for at in range(0, 64, 4))):
            found = receipt_check.check(db.session(), seat.sitting.attempt_id, written)
            assert found.link is not None
            assert found.link.changes == 3


@pytest.mark.parametrize("written", ["", "abc", "g" * 64, "a" * 65, "0" * 15])
def test_what_is_no_receipt(store: Flask, seat: Seat, written: str) -> None:
    with store.app_context(), pytest.raises(Refusal) as refused:
        receipt_check.check(db.session(), seat.sitting.attempt_id, written)
    assert refused.value.code == "receipt_malformed"


def test_anothers_receipt_and_an_unknown_exam(store: Flask, seat: Seat, kept: list[str]) -> None:
    with store.app_context():
        found = receipt_check.check(db.session(), seat.sitting.attempt_id, "0" * 64)
        assert (found.holds, found.latest, found.intact, found.changes) == (False, False, True, 6)
        with pytest.raises(NotFound):
            receipt_check.check(db.session(), 2**62, kept[0])


def test_before_the_first_save_nothing_is_stored(store: Flask, seat: Seat) -> None:
    with store.app_context():
        found = receipt_check.check(db.session(), seat.sitting.attempt_id, "0" * 64)
    assert (found.holds, found.intact, found.changes, found.last_at) == (False, True, 0, None)


def test_an_altered_record_shows(store: Flask, seat: Seat, kept: list[str]) -> None:
    with store.app_context():
        db.session.execute(sa.text("ALTER TABLE attempt_change DISABLE TRIGGER kept"))
        db.session.execute(sa.text("UPDATE attempt_change SET answer = '{F}' WHERE seq = 6"))
        db.session.execute(sa.text("ALTER TABLE attempt_change ENABLE TRIGGER kept"))
        db.session.commit()
        early = receipt_check.check(db.session(), seat.sitting.attempt_id, kept[1])
        late = receipt_check.check(db.session(), seat.sitting.attempt_id, kept[2])
    assert (early.holds, early.intact) == (True, False)
    assert (late.holds, late.intact) == (False, False)


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE response SET answer = '{F}' WHERE position = 3",
        "UPDATE response SET answer = '{F}', seq = 99 WHERE position = 3",
        "UPDATE response SET seq = 1 WHERE position = 3",
        "DELETE FROM response WHERE position = 3",
        "INSERT INTO response (attempt_id, position, answer, seq, saved_at)"
        " SELECT attempt_id, 4, '{T}', 6, saved_at FROM response WHERE position = 3",
    ],
)
def test_an_answer_altered_where_it_is_marked_shows(store: Flask, seat: Seat, kept: list[str], altered: str) -> None:
    with store.app_context():
        db.session.execute(sa.text(altered))
        db.session.commit()
        found = receipt_check.check(db.session(), seat.sitting.attempt_id, kept[2])
    assert (found.holds, found.intact) == (True, False)


def test_api_page_and_command_say_the_same(store: Flask, client: FlaskClient, seat: Seat, kept: list[str]) -> None:
    number = seat.sitting.attempt_id
    with store.test_request_context():
        registrar = people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))
    told = client.get(f"/api/v1/attempts/{number}/receipt?value={kept[1]}", headers=registrar).json
    assert (told["holds"], told["changes"], told["latest"], told["intact"], told["stored"]) == (True, 3, False, True, 6)
    assert client.get(f"/api/v1/attempts/{number}/receipt?value=x", headers=registrar).status_code == 422
    assert client.get(f"/api/v1/attempts/{number}/receipt?value={kept[1]}", headers=seat.headers).status_code == 403
    for asked, said in ((kept[1], "第 1 至第 3 次改动"), ("0" * 64, "不是考试")):
        assert said in client.get(f"/registrar/receipts?attempt={number}&receipt={asked}", headers=registrar).text
    assert client.get(f"/registrar/receipts?attempt={number}&receipt=x", headers=registrar).status_code == 422
    assert client.get("/registrar/receipts?attempt=x&receipt=", headers=registrar).status_code == 422
    assert client.get("/registrar/receipts?attempt=999&receipt=" + "0" * 64, headers=registrar).status_code == 404
    assert client.get("/registrar/receipts", headers=registrar).status_code == 200
    runner = store.test_cli_runner()
    told = runner.invoke(args=["receipt", "check", str(number), kept[2], "--json"])
    assert (told.exit_code, json.loads(told.stdout)["changes"]) == (0, 6)
    assert runner.invoke(args=["receipt", "check", str(number), "0" * 64]).exit_code == 1


def test_nobody_altered_anything_of_who_never_came(store: Flask, seat: Seat) -> None:
    """Nothing was acknowledged, so no chain begins; that the session was closed over the empty seat is no forgery."""
    with store.app_context():
        (absent,) = theory.open_sitting(db.session())
        sessions.close_session(db.session(), theory.REGISTRAR, absent.session_id, clock.now())
        found = receipt_check.check(db.session(), absent.attempt_id, "0" * 64)
    assert (found.holds, found.intact, found.changes) == (False, True, 0)
