"""Answers that come late or on a stick: counted while the exam runs, kept after it, decided by a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.audit import SYSTEM
from app.core.db import db
from app.core.rescue_key import RescueKey, rescue_key
from app.delivery import late, receipt_check, receipts, sessions
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.certificate import PartResult
from app.models.exam import Attempt, AttemptChange, AttemptState, Response
from app.models.registration import ExamSession
from app.models.rescue import LateChange, RescueFile
from app.results.release import release_session
from tests.factories import people, theory
from tests.factories.rescue_files import content, sealed
from tests.factories.times import now
from tests.web.api.test_attempts import Seat, code, one
from tests.web.visits import token, visitor


class Room:
    """A candidate at a computer whose network is gone, and a registrar with a stick."""

    def __init__(self, store: Flask) -> None:
        self.app = store
        with store.app_context():
            mine, other = theory.open_sitting(db.session(), candidates=2)
            self.registrar = people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))
        self.seat, self.other = Seat(store, mine), Seat(store, other)
        self.token = self.seat.start().json["token"]
        self.client = self.seat.client
        self.http = visitor(store)

    @property
    def key(self) -> RescueKey:
        return rescue_key(self.app.config["SECRET_KEY"])

    def file(self, *changes: dict[str, Any], **other: Any) -> dict[str, Any]:
        inside = content(self.seat.sitting.attempt_id, self.client, self.token, *changes) | other
        return sealed(self.key, inside)

    def bring(self, file: dict[str, Any], session: int = 0) -> Any:
        address = f"/api/v1/sessions/{session or self.seat.sitting.session_id}/rescue"
        return self.http.post(address, json=file, headers=self.registrar)

    def over(self) -> None:
        self.seat.move(deadline=now() - timedelta(minutes=1))

    def answers(self) -> dict[int, list[str]]:
        with self.app.app_context():
            rows = db.session.query(Response).filter_by(attempt_id=self.seat.sitting.attempt_id)
            return {row.position: row.answer for row in rows}

    def attempt(self) -> Attempt:
        with self.app.app_context():
            found = db.session.get_one(Attempt, self.seat.sitting.attempt_id)
            assert found.submitted_at or receipts.recomputed(db.session(), found) == found.receipt
            return found

    def decide(self, **form: str) -> Any:
        sitting = self.seat.sitting
        address = f"/sessions/{sitting.session_id}/late/{sitting.attempt_id}"
        form["csrf_token"] = token(self.http, address, self.registrar)
        return self.http.post(address, data=form, headers=self.registrar)


@pytest.fixture
def room(store: Flask) -> Room:
    return Room(store)


def test_while_the_exam_runs_the_file_is_as_good_as_the_network(room: Room) -> None:
    room.seat.change(one(1, 1, "T"))
    file = room.file(one(2, 2, "F"), one(3, 1, "F", flagged=True))
    told = room.bring(file)
    assert told.status_code == 200
    assert told.json == {
        "attempt": room.seat.sitting.attempt_id, "seat": 1, "changes": 2, "applied": 2, "kept": 0, "again": False,
    }  # fmt: skip
    assert room.answers() == {1: ["F"], 2: ["F"]}
    assert room.attempt().last_seq == 3
    assert room.bring(file).json["again"] is True
    assert room.bring(room.file(one(2, 2, "F"), one(3, 1, "F", flagged=True))).json["applied"] == 0
    after = room.seat.change(one(2, 2, "F"), one(3, 1, "F", flagged=True), one(4, 3, "T"))
    assert after.json["acked"] == 4
    assert room.answers() == {1: ["F"], 2: ["F"], 3: ["T"]}
    room.attempt()


def test_what_was_answered_anew_at_another_computer_stays(room: Room) -> None:
    room.seat.change(one(1, 1, "T"))
    room.seat.log_in()
    room.seat.start()
    room.seat.change(one(2, 1, "F"), one(3, 4, "T"))
    assert room.bring(room.file(one(2, 2, "F"), one(3, 1, "T"), one(9, 4, "F"))).json["applied"] == 1
    assert room.answers() == {1: ["F"], 2: ["F"], 4: ["T"]}
    assert code(room.seat.change(one(4, 5, "T"))) == (409, "seq_below_last")
    assert room.seat.change(one(5, 5, "T")).json["acked"] == 5
    room.attempt()


def test_after_the_end_it_is_evidence_until_a_registrar_accepts_it(room: Room) -> None:
    room.over()
    told = room.bring(room.file(one(1, 1, "T"), one(2, 2, "T"))).json
    assert (told["applied"], told["kept"]) == (0, 2)
    before = room.attempt()
    assert (before.state, before.score) == (AttemptState.MARKED, 0)
    assert room.answers() == {}
    page = room.http.get(f"/sessions/{before.session_id}/late", headers=room.registrar).text
    assert f"/late/{before.id}" in page
    assert room.decide(decision="accept", reason="").status_code == 422
    assert room.decide(decision="accept", reason="The switch failed before the end.").status_code == 303
    after = room.attempt()
    assert (after.state, after.receipt) == (AttemptState.MARKED, before.receipt)
    assert after.score is not None
    assert after.score > 0
    with room.app.app_context():
        assert [row.late for row in db.session.query(Response)] == [True, True]
        assert receipt_check.check(db.session(), after.id, after.receipt).intact
        line = db.session.query(AuditLine).filter_by(tag="attempt:late:accepted").one()
        assert line.data["score_before"].startswith("0")
        assert db.session.query(AttemptChange).count() == 0
    assert room.decide(decision="refuse", reason="again").status_code == 422


def test_what_the_network_brings_too_late_is_kept_and_counts_for_nothing(room: Room) -> None:
    room.seat.change(one(1, 1, "T"))
    room.over()
    assert code(room.seat.change(one(2, 2, "T"))) == (409, "attempt_closed")
    assert code(room.seat.change(one(2, 2, "T"), one(3, 3, "T"))) == (409, "attempt_closed")
    assert room.answers() == {1: ["T"]}
    with room.app.app_context():
        assert [(row.seq, row.outcome) for row in db.session.query(LateChange).order_by(LateChange.seq)] == [
            (2, "waiting"), (3, "waiting"),
        ]  # fmt: skip
    assert "2 项作答变更" in room.http.get(f"/exam/{room.seat.sitting.attempt_id}", headers=room.seat.headers).text
    score = room.attempt().score
    assert room.decide(decision="refuse", reason="The network was fine.").status_code == 303
    assert (room.answers(), room.attempt().score) == ({1: ["T"]}, score)


def test_a_release_waits_for_a_decision_under_way(room: Room) -> None:
    room.over()
    assert room.bring(room.file(one(1, 1, "T"), one(2, 2, "T"))).json["kept"] == 2
    sitting = room.seat.sitting

    def release() -> None:
        with room.app.app_context():
            release_session(db.session(), SYSTEM, sitting.session_id, now())
            db.session.commit()

    with room.app.app_context(), ThreadPoolExecutor(1) as pool:
        sessions.close_session(db.session(), SYSTEM, sitting.session_id, now())
        db.session.commit()
        late.decide(db.session(), SYSTEM, sitting.attempt_id, accept=True, reason="The switch failed.", now=now())
        releasing = pool.submit(release)
        while not db.session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not releasing.done()
        db.session.commit()
        releasing.result()
        scored = db.session.scalars(sa.select(PartResult.score)).all()
        assert scored == [db.session.get_one(Attempt, sitting.attempt_id).score] != [0]


def test_after_the_release_nothing_is_decided(room: Room) -> None:
    room.over()
    room.seat.change(one(1, 1, "T"))
    room.seat.move(state=AttemptState.RELEASED)
    assert room.decide(decision="accept", reason="too late for that").status_code == 422
    assert room.answers() == {}


def test_a_file_that_is_not_what_it_says_is_refused_in_words(room: Room) -> None:
    good = room.file(one(1, 1, "T"))
    spoilt = good["data"][:-8] + "AAAAAAA="
    for wrong, why in [
        ({**good, "data": spoilt}, "rescue_garbled"),
        ({**good, "iv": "?"}, "rescue_garbled"),
        ({**good, "ephemeral": good["iv"]}, "rescue_garbled"),
        ({**good, "format": "other"}, "rescue_unknown"),
        ({**good, "key": "0" * 16}, "rescue_other_key"),
        (sealed(RescueKey("somebody else's secret"), {}) | {"key": room.key.id}, "rescue_garbled"),
        (room.file(one(1, 1, "T"), token="exam.invented"), "rescue_forged"),
        (room.file(one(1, 1, "T"), attempt=room.other.sitting.attempt_id), "rescue_forged"),
        (room.file(one(1, 1, "Z")), "rescue_unfit"),
        (room.file(one(2, 1, "T"), one(1, 2, "T")), "rescue_unfit"),
        (room.file(one(1, 999, "T")), "rescue_unfit"),
        (room.file(changes="none"), "rescue_garbled"),
    ]:
        assert code(room.bring(wrong)) == (422, why)
    with room.app.app_context():
        assert db.session.query(RescueFile).count() == 0
        assert db.session.query(AttemptChange).count() == 0


def test_a_file_goes_to_the_session_it_belongs_to(room: Room) -> None:
    with room.app.app_context():
        elsewhere = theory.theory_session(db.session())
        number = elsewhere.id
        db.session.commit()
    assert code(room.bring(room.file(one(1, 1, "T")), number)) == (409, "rescue_other_session")


def test_a_file_that_no_page_made_is_refused_on_the_page(room: Room) -> None:
    from io import BytesIO

    address = f"/sessions/{room.seat.sitting.session_id}/late"
    sent = {"csrf_token": token(room.http, address, room.registrar), "file": (BytesIO(b"holiday.jpg"), "a.rescue")}
    answer = room.http.post(address, data=sent, headers=room.registrar)
    assert answer.status_code == 422
    assert "不是考试页面生成的应急文件" in answer.text


def test_proctors_of_other_sessions_have_no_part_in_it(room: Room) -> None:
    with room.app.app_context():
        stranger = people.bearer(room.app, db.session(), people.user(db.session(), Role.PROCTOR))
        assert db.session.scalar(sa.select(ExamSession.id).limit(1))
    answer = room.http.post(
        f"/api/v1/sessions/{room.seat.sitting.session_id}/rescue", json=room.file(one(1, 1, "T")), headers=stranger
    )
    assert answer.status_code == 404
