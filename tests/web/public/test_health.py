"""What machines ask: alive, ready, and the figures."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path, PosixPath

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.config import Settings
from app.core import clock
from app.delivery import attempts
from tests.factories import theory
from tests.web.test_outage import cut_off  # noqa: F401  # the application without its database


def told(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {name: float(value) for name, value in re.findall(r"(?m)^(exam_\S+) (\S+)$", answer.text)}


def test_the_figures_are_those_of_the_store(session: Session, client: FlaskClient) -> None:
    sitting = theory.open_sitting(session)[0]
    before = told(client)
    assert before["exam_attempts_running"] == 0
    attempts.start(session, sitting.sitter, sitting.attempt_id, clock.now())
    session.commit()
    figures = told(client)
    assert figures["exam_attempts_running"] == 1
    assert figures["exam_closings_due"] == 0
    assert figures["exam_database_up"] == figures["exam_redis_up"] == 1
    assert figures["exam_database_sessions_limit"] > figures['exam_database_sessions{state="active"}'] > 0
    assert figures["exam_backup_age_seconds"] == -1


def test_a_refusal_and_a_request_are_counted(client: FlaskClient) -> None:
    client.post("/api/v1/tokens", json={"username": "nobody", "password": "nothing"})
    figures = told(client)
    assert figures['exam_requests_total{route="/api/v1/tokens",status="401"}'] >= 1
    assert any(name.startswith("exam_refused_total") for name in figures)


def test_the_age_of_the_backup(
    store: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "last-base-backup"
    settings: Settings = store.extensions["settings"]
    monkeypatch.setitem(store.extensions, "settings", replace(settings, backup_stamp=stamp))
    assert told(client)["exam_backup_age_seconds"] == -1
    stamp.touch()
    os.utime(stamp, (stamp.stat().st_atime, stamp.stat().st_mtime - 7200))
    assert told(client)["exam_backup_age_seconds"] == pytest.approx(7200, abs=60)


def test_a_folder_of_backups_that_is_closed_hides_no_other_figure(
    store: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed(PosixPath):
        def stat(self, **_: object) -> os.stat_result:
            raise PermissionError(13, "Permission denied", str(self))

    settings: Settings = store.extensions["settings"]
    monkeypatch.setitem(store.extensions, "settings", replace(settings, backup_stamp=Closed("/var/backups/exam/last")))
    figures = told(client)
    assert (figures["exam_backup_age_seconds"], figures["exam_database_up"]) == (-1, 1)


def test_without_the_database_the_rest_is_told(cut_off: Flask) -> None:  # noqa: F811
    figures = told(cut_off.test_client())
    assert figures["exam_database_up"] == 0
