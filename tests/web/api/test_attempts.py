"""The whole path of an attempt through the API, as a program or the exam page goes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.cli import worker
from app.core.db import db
from app.delivery import attempts
from app.models.account import Login, Role, User
from app.models.exam import Attempt, AttemptChange, Response
from app.models.monitoring import Incident
from app.models.registration import ExamSession
from app.web import access
from tests.factories import people, theory
from tests.factories.theory import REGISTRAR, Sitting
from tests.factories.times import now

SHOWN = {"position", "type", "marks", "stem", "options"}


class Seat:
    """A candidate at a computer, speaking to the API."""

    def __init__(self, app: Flask, sitting: Sitting) -> None:
        self.app, self.sitting, self.client = app, sitting, ""
        self.http: FlaskClient = app.test_client()
        self.log_in()

    def log_in(self, ago: timedelta = timedelta()) -> None:
        with self.app.test_request_context():
            login = people.login(db.session(), db.session.get_one(User, self.sitting.user_id), now() - ago)
            self.headers = {"Authorization": f"Bearer {access.bearer_token(login)}"}
            self.login_id = login.id
            db.session.commit()

    def post(self, what: str, **body: Any) -> Any:
        return self.http.post(
            f"/api/v1/attempts/{self.sitting.attempt_id}/{what}", json=body or None, headers=self.headers
        )

    def start(self) -> Any:
        answer = self.post("start")
        if answer.status_code == 200:
            self.client = answer.json["client"]
        return answer

    def change(self, *changes: dict[str, Any], client: str | None = None) -> Any:
        return self.post("changes", client=client or self.client, changes=list(changes))

    def submit(self) -> Any:
        return self.post("submit", client=self.client)

    def marked(self) -> None:
        """What the worker does with hand-ins within seconds."""
        with self.app.app_context():
            worker.mark()

    def move(self, **columns: Any) -> None:
        """Lets time pass by moving the marks on the clock."""
        with self.app.app_context():
            db.session.execute(sa.update(Attempt).where(Attempt.id == self.sitting.attempt_id).values(**columns))
            db.session.commit()


def one(seq: int, position: int, *answer: str, flagged: bool | None = None) -> dict[str, Any]:
    change: dict[str, Any] = {"seq": seq, "position": position, "answer": list(answer)}
    return change if flagged is None else {**change, "flagged": flagged}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


@pytest.fixture
def sittings(store: Flask) -> list[Sitting]:
    with store.app_context():
        return theory.open_sitting(db.session(), candidates=2, hold=0)


@pytest.fixture
def seat(store: Flask, sittings: list[Sitting]) -> Seat:
    return Seat(store, sittings[0])


@pytest.fixture
def running(seat: Seat) -> Seat:
    seat.start()
    return seat


def test_start_shows_the_whole_paper_and_never_a_key(seat: Seat) -> None:
    answer = seat.start()
    assert answer.status_code == 200
    assert set(answer.json) == {
        "client", "token", "notice", "state", "server_time", "deadline", "next_seq", "paper", "responses", "flagged"
    }  # fmt: skip
    items = answer.json["paper"]["items"]
    assert [item["position"] for item in items] == list(range(1, 91))
    assert all(set(item) == SHOWN for item in items)
    assert all(set(option) == {"id", "text"} for item in items for option in item["options"])
    assert items[0]["options"] == [{"id": "T", "text": "正确"}, {"id": "F", "text": "错误"}]
    assert answer.json["server_time"].endswith("Z")
    assert answer.json["next_seq"] == 1
    assert "why" not in answer.text  # the rationale of every item of the tests


def test_a_reload_continues_with_everything_saved(running: Seat) -> None:
    running.change(one(1, 1, "T"), one(2, 21, "C", flagged=True))
    running.change(one(3, 22, flagged=True))
    again = running.start()
    assert again.json["client"] == running.client
    assert again.json["next_seq"] == 4
    assert again.json["responses"] == {"1": ["T"], "21": ["C"]}
    assert again.json["flagged"] == [21, 22]


def test_acknowledged_means_stored(running: Seat) -> None:
    answer = running.change(one(1, 21, "A"), one(2, 21, "B"), one(3, 90, "D", "A"))
    assert answer.status_code == 200
    assert set(answer.json) == {"acked", "receipt", "server_time", "deadline", "state", "notice"}
    assert (answer.json["acked"], answer.json["state"]) == (3, "in_progress")
    with running.app.app_context():
        rows = db.session.execute(sa.select(Response.position, Response.answer).order_by(Response.position)).all()
        assert [tuple(row) for row in rows] == [(21, ["B"]), (90, ["A", "D"])]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AttemptChange)) == 3


def test_a_heartbeat_stores_nothing_and_tells_the_time(running: Seat) -> None:
    first = running.change(one(1, 1, "F")).json
    beat = running.change()
    assert beat.status_code == 200
    assert (beat.json["acked"], beat.json["receipt"]) == (1, first["receipt"])


def test_replays_are_acknowledged_and_change_nothing(running: Seat) -> None:
    first = running.change(one(1, 1, "F"), one(2, 2, "T")).json
    again = running.change(one(1, 1, "F"), one(2, 2, "T"))
    assert (again.status_code, again.json["acked"], again.json["receipt"]) == (200, 2, first["receipt"])
    mixed = running.change(one(2, 2, "T"), one(3, 2, "F"))
    assert (mixed.status_code, mixed.json["acked"]) == (200, 3)
    assert mixed.json["receipt"] != first["receipt"]
    assert running.start().json["responses"] == {"1": ["F"], "2": ["F"]}


@pytest.mark.parametrize(
    "changes",
    [
        [one(2, 2, "F")],  # stored otherwise
        [one(1, 1, "F")],  # never stored
        [one(2, 2, "T", flagged=True)],
        [one(1, 5, "T"), one(9, 9, "T")],  # begins with one never stored
    ],
)
def test_a_seq_below_the_last_is_refused_whole(running: Seat, changes: list[dict[str, Any]]) -> None:
    running.change(one(2, 2, "T"))
    answer = running.change(*changes)
    assert code(answer) == (409, "seq_below_last")
    assert answer.json["error"]["details"] == {"last_seq": 2}
    assert running.start().json["responses"] == {"2": ["T"]}


def test_a_batch_is_numbered_upward(running: Seat) -> None:
    assert code(running.change(one(2, 2, "T"), one(2, 3, "T"))) == (422, "seq_not_increasing")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (one(1, 91, "A"), "position_unknown"),
        (one(1, 0, "A"), "position_unknown"),
        (one(1, 21, "E"), "option_unknown"),
        (one(1, 1, "A"), "option_unknown"),
        (one(1, 21, "A", "B"), "too_many_options"),
        (one(1, 90, "A", "A"), "option_repeated"),
        (one(0, 1, "T"), "body_invalid"),
        (one(1, 90, "x" * 5000), "body_invalid"),
        (one(1, 90, *["A"] * 500), "body_invalid"),
    ],
)
def test_what_the_paper_does_not_take_is_refused_and_nothing_stored(
    running: Seat, change: dict[str, Any], expected: str
) -> None:
    assert code(running.change(change)) == (422, expected)
    assert running.start().json["next_seq"] == 1


def test_a_hundred_kilobytes_are_refused_by_their_size(running: Seat) -> None:
    assert code(running.change(one(1, 90, "x" * 100_000))) == (413, "body_too_large")


def test_anothers_attempt_does_not_exist(store: Flask, sittings: list[Sitting], running: Seat) -> None:
    stranger = Seat(store, sittings[1])
    stranger.sitting = running.sitting
    assert code(stranger.start()) == (404, "not_found")
    assert code(stranger.change(one(1, 1, "T"), client=running.client)) == (404, "not_found")
    assert code(stranger.change(one(1, 999, "T"), client=running.client)) == (404, "not_found")
    assert code(stranger.post("submit", client=running.client)) == (404, "not_found")
    assert running.start().json["responses"] == {}


def test_without_a_standing_login_nothing_is_stored(running: Seat) -> None:
    running.headers = {}
    assert code(running.change(one(1, 1, "T")))[0] in (400, 401)
    running.log_in()
    with running.app.app_context():
        db.session.get_one(Login, running.login_id).ended_at = now()
        db.session.commit()
    assert code(running.change(one(1, 1, "T"))) == (401, "login_required")


def test_another_role_may_not(store: Flask, running: Seat) -> None:
    with store.test_request_context():
        proctor = people.user(db.session(), Role.PROCTOR)
        running.headers = {"Authorization": f"Bearer {access.bearer_token(people.login(db.session(), proctor))}"}
        db.session.commit()
    assert code(running.change(one(1, 1, "T"))) == (403, "forbidden")
    assert code(running.start()) == (403, "forbidden")


def test_a_newer_login_takes_over_and_an_older_one_cannot(running: Seat) -> None:
    old_headers, old_client = running.headers, running.client
    running.change(one(1, 1, "T"))
    running.log_in()
    new_headers = running.headers
    taken = running.start()
    assert taken.json["client"] != old_client
    assert (taken.json["responses"], taken.json["next_seq"]) == ({"1": ["T"]}, 2)
    running.headers = old_headers
    assert code(running.change(one(2, 1, "F"), client=old_client)) == (409, "client_replaced")
    assert code(running.start()) == (409, "client_replaced")
    assert code(running.post("submit", client=old_client)) == (409, "client_replaced")
    running.headers = new_headers
    assert running.change(one(2, 1, "F")).status_code == 200
    with running.app.app_context():
        incident = db.session.scalars(sa.select(Incident)).one()
        assert (incident.category, incident.blocking) == ("takeover", False)


def test_a_pause_stops_saving_and_starting_again_says_so(running: Seat) -> None:
    with running.app.app_context():
        attempts.pause(db.session(), REGISTRAR, running.sitting.attempt_id, "unwell", now())
        db.session.commit()
    assert code(running.change(one(1, 1, "T"))) == (409, "attempt_paused")
    assert code(running.change()) == (409, "attempt_paused")
    assert code(running.submit()) == (409, "attempt_paused")
    assert running.start().json["state"] == "paused"


def test_a_change_in_the_grace_is_kept_and_marked_late(running: Seat) -> None:
    running.change(one(1, 1, "F"))
    running.move(deadline=now() - timedelta(seconds=1))
    assert running.change(one(2, 2, "T")).status_code == 200
    with running.app.app_context():
        late = db.session.execute(sa.select(AttemptChange.seq, AttemptChange.late).order_by(AttemptChange.seq)).all()
        assert [tuple(row) for row in late] == [(1, False), (2, True)]


def test_after_the_grace_a_change_is_refused_and_closes_the_attempt(running: Seat) -> None:
    running.change(one(1, 1, "T"))
    deadline = now() - timedelta(seconds=30)
    running.move(deadline=deadline)
    answer = running.change(one(2, 2, "T"))
    assert code(answer) == (409, "attempt_closed")
    with running.app.app_context():
        attempt = db.session.get_one(Attempt, running.sitting.attempt_id)
        assert (attempt.state, attempt.closed_how, attempt.submitted_at) == ("marked", "deadline", deadline)
        assert attempt.score == 1
    assert code(running.start()) == (409, "attempt_closed")
    listed = running.http.get("/api/v1/attempts", headers=running.headers).json["attempts"]
    assert [entry["state"] for entry in listed] == ["expired"]


def test_submitting_twice_is_submitting_once(running: Seat) -> None:
    running.change(one(1, 1, "T"), one(2, 2, "F"), one(3, 90, "A", "C"), one(4, 21))
    first, second = running.submit(), running.submit()
    assert first.status_code == second.status_code == 200
    assert {**first.json, "server_time": 0} == {**second.json, "server_time": 0}
    assert (first.json["state"], first.json["answered"]) == ("submitted", 3)
    assert code(running.change(one(9, 1, "F"))) == (409, "attempt_closed")
    running.marked()
    with running.app.app_context():
        attempt = db.session.get_one(Attempt, running.sitting.attempt_id)
        assert attempt.score == 3
        assert sum(float(row["of"]) for row in (attempt.marks_by_row or {})["rows"]) == 100


def test_nobody_hands_in_during_the_hold(running: Seat) -> None:
    with running.app.app_context():
        db.session.get_one(ExamSession, running.sitting.session_id).hold_minutes = 30
        db.session.commit()
    answer = running.submit()
    assert code(answer) == (409, "too_early")
    assert "earliest" in answer.json["error"]["details"]
    running.move(started_at=now() - timedelta(minutes=30))
    assert running.submit().status_code == 200


def test_before_the_start_nothing_can_be_saved(seat: Seat) -> None:
    assert code(seat.change(one(1, 1, "T"), client=str(uuid4()))) == (409, "attempt_not_started")
    assert code(seat.post("submit", client=str(uuid4()))) == (409, "attempt_not_started")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"state": "prepared"}, "session_not_open"),
        ({"opens_at": now() - timedelta(minutes=31), "opened_at": now() - timedelta(minutes=31)}, "late_entry_closed"),
    ],
)
def test_the_doors_must_be_open(seat: Seat, columns: dict[str, Any], expected: str) -> None:
    with seat.app.app_context():
        db.session.execute(sa.update(ExamSession).values(**columns))
        db.session.commit()
    assert code(seat.start()) == (409, expected)


def test_a_result_is_held_until_its_release(running: Seat) -> None:
    running.submit()
    url = f"/api/v1/attempts/{running.sitting.attempt_id}/result"
    assert running.http.get(url, headers=running.headers).status_code == 404
