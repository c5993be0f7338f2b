"""Running a session without the screen."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import theory


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
