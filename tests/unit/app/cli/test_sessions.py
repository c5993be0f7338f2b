"""Running a session without the screen."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.models.registration import Seat
from app.practical.panels import panels
from tests.factories import practical, theory


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["session", *words, "--json"])


def test_prepare_open_close_release(app: Flask, session: Session) -> None:
    theory.bank(session)
    exam = theory.theory_session(session, candidates=2)
    session.commit()
    states = []
    for step in ("prepare", "open", "close", "release", "status"):
        result = run(app, step, str(exam.id))
        assert result.exit_code == 0, result.output
        states.append(json.loads(result.stdout)["state"])
    assert states == ["prepared", "open", "closed", "released", "released"]


def test_a_refusal_says_why_and_changes_nothing(app: Flask, session: Session) -> None:
    theory.bank(session)
    exam = theory.theory_session(session, candidates=31, proctors=1)
    session.commit()
    assert run(app, "prepare", str(exam.id)).exit_code == 0
    result = run(app, "open", str(exam.id))
    assert result.exit_code == 1
    error = json.loads(result.stderr)["error"]
    assert (error["code"], error["details"]["need"]) == ("understaffed", 2)
    status = json.loads(run(app, "status", str(exam.id)).stdout)
    assert status["state"] == "prepared"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", status["opens_at"])


def test_a_session_that_is_not_there(app: Flask, session: Session) -> None:
    assert run(app, "status", "4711").exit_code == 1
    assert run(app, "open", "x").exit_code == 2


def test_a_change_of_the_day_by_names_as_people_know_them(app: Flask, session: Session) -> None:
    exam = practical.practical_session(session, candidates=2, examiners=3)
    panels.allocate_session(session, practical.REGISTRAR, exam.id, clock.now())
    session.commit()
    number = session.scalars(select(Seat.number).where(Seat.session_id == exam.id)).first()
    change = ("change", str(exam.id))
    made = run(app, *change, "candidate_absent", str(number), "--reason", "未到场")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["changed"] > 0
    gone = exam.staff[0].user.username
    assert run(app, *change, "examiner_absent", gone, "--reason", "ill").exit_code == 0
    for kind, about, code in (
        ("candidate_absent", "4711", "seat_unknown"),
        ("examiner_absent", "nobody", "examiner_unknown"),
        ("station_out", "A9", "station_unknown"),
    ):
        result = run(app, *change, kind, about, "--reason", "x")
        assert result.exit_code == 1
        assert json.loads(result.stderr)["error"]["code"] == code
