"""flask register-log, and the worker that keeps the log up to date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.cli import worker
from certificates.log import proofs as log_proofs
from certificates.log import sequencing as public_log
from tests.factories import public_log as logs
from tests.unit.app.cli.commands import run, value


def test_status_and_verify(session: Session, app: Flask) -> None:
    logs.lived(session)
    told = value(run(app, "register-log", "status", "--json"))
    assert (told["head"]["size"], told["waiting"]) == (3, False)
    head = f"3:{told['head']['root']}"
    assert value(run(app, "register-log", "verify", "--head", head, "--documents", "--json"))["intact"]
    assert run(app, "register-log", "verify", "--head", f"3:{'0' * 64}").exit_code == 1
    assert "kept_head_wrong" in run(app, "register-log", "verify", "--head", "yesterday", "--json").stderr


def test_verify_says_what_was_changed(session: Session, app: Flask) -> None:
    logs.lived(session)
    logs.sequenced(session)
    logs.attack(session, "DELETE FROM public_log_entry WHERE position = 2")
    session.rollback()
    logs.lived(session, name="李四")
    refused = run(app, "register-log", "verify")
    assert refused.exit_code == 1
    assert "changed outside the service" in refused.stderr
    assert "event 3 of the register is not in the log" in refused.stderr


def test_the_worker_enters_decisions(session: Session, app: Flask) -> None:
    logs.lived(session)
    assert run(app, "worker", "--once").exit_code == 0
    assert (log_proofs.head_of(session).size, public_log.waiting(session)) == (3, False)


def test_a_log_that_stands_still_holds_up_no_other_work(
    session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_log_again", [0.0])
    logs.lived(session)
    logs.sequenced(session)
    logs.attack(session, "DELETE FROM public_log_node")
    logs.lived(session, name="李四")
    assert run(app, "worker", "--once").exit_code == 0
    assert worker._log_again[0] > 0
    assert public_log.waiting(session)


def test_a_key_that_cannot_be_read_is_told_and_loses_nothing(
    session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_text("not a key")
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], log_key=tmp_path / "key.pem"))
    monkeypatch.setattr(worker, "_log_again", [0.0])
    logs.lived(session)
    assert run(app, "worker", "--once").exit_code == 0
    refused = run(app, "register-log", "status", "--json")
    assert (refused.exit_code, "log_key_unreadable" in refused.stderr) == (1, True)
    assert public_log.waiting(session)


def test_a_store_of_its_own_without_a_key_keeps_decisions_in_line(
    session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.lived(session)
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demonstration=False))
    monkeypatch.setattr(worker, "_log_again", [0.0])
    assert worker.log_register() == 0
    assert value(run(app, "register-log", "status", "--json")) == {"head": None, "waiting": True}
