"""Practising over the API: begun by anyone who may sit exams, saved like an exam, explained at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import db
from app.models.account import Role
from app.models.exam import Attempt
from app.models.practice import Practice
from app.web.access import bearer_token
from tests.factories import people, practising
from tests.factories.theory import LEVEL, SCHEME
from tests.factories.times import now


class Learner:
    """Somebody with an account and a practice."""

    def __init__(self, app: Flask) -> None:
        self.app, self.http = app, app.test_client()
        with app.app_context():
            user = people.user(db.session(), Role.CANDIDATE)
            self.headers = {"Authorization": f"Bearer {bearer_token(people.login(db.session(), user))}"}
            db.session.commit()

    def call(self, method: str, path: str, json: Any = None) -> Any:
        return self.http.open(f"/api/v1/practice{path}", method=method, json=json, headers=self.headers)

    def begin(self) -> Any:
        answer = self.call("POST", "", {"scheme": SCHEME, "level": LEVEL})
        assert answer.status_code == 201, answer.json
        self.client, self.id = answer.json["client"], answer.json["id"]
        return answer.json

    def change(self, *changes: dict[str, Any]) -> Any:
        return self.call("POST", f"/{self.id}/changes", {"client": self.client, "changes": list(changes)})

    def submit(self) -> Any:
        return self.call("POST", f"/{self.id}/submit", {"client": self.client})


def one(seq: int, position: int, *answer: str) -> dict[str, Any]:
    return {"seq": seq, "position": position, "answer": list(answer)}


@pytest.fixture
def learner(store: Flask) -> Learner:
    with store.app_context():
        practising.bank(db.session())
    return Learner(store)


def test_a_practice_from_begin_to_reasons(learner: Learner) -> None:
    begun = learner.begin()
    items = begun["paper"]["items"]
    assert 20 <= len(items) <= 30
    assert {item["type"] for item in items} == {"truefalse", "single", "multiple"}
    assert "because" not in str(begun)
    for seq, item in enumerate(items, 1):
        answer = practising.KEYS[item["type"]] if seq % 2 else ()
        assert learner.change(one(seq, item["position"], *answer)).json["acked"] == seq
    review = learner.submit().json
    right = [item["right"] for item in review["items"]]
    assert right == [bool(place % 2) for place in range(1, len(items) + 1)]
    assert all(item["rationale"] == "because" for item in review["items"])
    single = next(item for item in review["items"] if item["key"] == ["B"])
    assert single["feedback"] == {letter: f"why {letter} is wrong" for letter in "ACD"}
    assert learner.call("GET", f"/{learner.id}").json == review == learner.submit().json
    listed = learner.call("GET", "").json
    assert [offer["level"] for offer in listed["levels"]] == [LEVEL]
    assert listed["practices"][0]["score"] == review["score"]


def test_it_touches_nothing_of_the_exam(learner: Learner) -> None:
    learner.begin()
    learner.submit()
    with learner.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_what_is_sent_again_changes_nothing(learner: Learner) -> None:
    learner.begin()
    first = [one(1, 1, "T"), one(2, 1, "F")]
    assert learner.change(*first).json["acked"] == 2
    assert learner.change(*first).json["acked"] == 2
    assert learner.begin()["responses"] == {"1": ["F"]}
    other = learner.change(one(2, 1, "T"))
    assert (other.status_code, other.json["error"]["code"]) == (409, "seq_below_last")


def test_a_running_practice_goes_on_and_a_finished_one_makes_room(learner: Learner) -> None:
    first = learner.begin()["id"]
    assert learner.begin()["id"] == first
    learner.submit()
    assert learner.begin()["id"] != first


def test_time_ends_it(learner: Learner) -> None:
    learner.begin()
    learner.change(one(1, 1, "T"))
    deadline = now() - timedelta(minutes=1)
    with learner.app.app_context():
        db.session.execute(sa.update(Practice).values(deadline=deadline))
        db.session.commit()
    answer = learner.change(one(2, 1, "F"))
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "attempt_closed")
    with learner.app.app_context():
        found = db.session.scalars(sa.select(Practice)).one()
        assert (found.submitted_at, found.score) == (deadline, 1)


def test_nobody_sees_anothers_practice(learner: Learner) -> None:
    learner.begin()
    learner.submit()
    other = Learner(learner.app)
    for method, path in (("GET", ""), ("GET", "/media/" + "0" * 64)):
        assert other.call(method, f"/{learner.id}{path}").status_code == 404
    assert other.call("POST", f"/{learner.id}/submit", {"client": learner.client}).status_code == 404


def test_reasons_are_shown_only_when_it_is_over(learner: Learner) -> None:
    learner.begin()
    answer = learner.call("GET", f"/{learner.id}")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "practice_running")


def test_a_level_without_items_is_refused(store: Flask) -> None:
    answer = Learner(store).call("POST", "", {"scheme": SCHEME, "level": "senior"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "practice_empty")
