from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import certificates as factory
from tests.factories import theory

KEYS = ["intact", "trusted", "status", "holder", "level", "serial", "reasons"]


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["certificate", *words])


def test_issue_for_a_session(app: Flask, session: Session) -> None:
    exam = theory.theory_session(session, candidates=0)
    theory.seat(session, exam, factory.passed(session), 1)
    session.commit()
    first = json.loads(run(app, "issue", "--session", str(exam.id), "--json").output)
    again = json.loads(run(app, "issue", "--session", str(exam.id)).output)
    assert (first["issued"], again["issued"], again["already"]) == (1, 0, 1)
    assert first["outcomes"][0]["serial"] == again["outcomes"][0]["serial"]
    assert run(app, "issue", "--session", "4711").exit_code == 1


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_verify_a_file(app: Flask, session: Session, tmp_path: Path, flags: list[str]) -> None:
    made = factory.issued(session)
    file = tmp_path / "证书 1.pdf"
    file.write_bytes(made.pdf)
    result = run(app, "verify", str(file), *flags)
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(answer)[:7] == KEYS
    assert (answer["intact"], answer["trusted"], answer["status"]) == (True, True, "valid")
    assert answer["serial"] == made.serial


def test_verify_a_revoked_one(app: Flask, session: Session, tmp_path: Path) -> None:
    made = factory.issued(session)
    file = tmp_path / "c.pdf"
    file.write_bytes(made.pdf)
    assert json.loads(run(app, "revoke", made.serial, "--reason", "x").stdout)["status"] == "revoked"
    result = run(app, "verify", str(file), "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["intact"], answer["trusted"], answer["status"]) == (True, True, "revoked")
    assert [one["code"] for one in answer["reasons"]] == ["revoked"]
    assert result.stderr.strip()


@pytest.mark.parametrize(("data", "code"), [(b"no", "not_a_pdf"), (b"%PDF-1.4 nothing", "unsigned"), (None, "altered")])
def test_verify_what_is_not_genuine(
    app: Flask, session: Session, tmp_path: Path, data: bytes | None, code: str
) -> None:
    if data is None:
        changed = bytearray(factory.issued(session).pdf)
        changed[2000] ^= 1
        data = bytes(changed)
    file = tmp_path / "c.pdf"
    file.write_bytes(data)
    result = run(app, "verify", str(file), "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["intact"], answer["holder"]) == (1, False, None)
    assert [one["code"] for one in answer["reasons"]] == [code]


def test_verify_what_is_another_one_than_expected(app: Flask, session: Session, tmp_path: Path) -> None:
    made = factory.issued(session)
    file = tmp_path / "c.pdf"
    file.write_bytes(made.pdf)
    assert run(app, "verify", str(file), "--serial", made.serial, "--name", made.holder).exit_code == 0
    other = run(app, "verify", str(file), "--name", "李四", "--json")
    assert (other.exit_code, json.loads(other.stdout)["verdict"]) == (1, "other_holder")
    assert json.loads(run(app, "verify", str(file), "--serial", "x", "--json").stdout)["status"] == "unknown"


def test_verify_a_huge_or_missing_file(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "c.pdf"
    file.write_bytes(bytes(11 * 1024 * 1024))
    assert run(app, "verify", str(file)).exit_code == 1
    assert run(app, "verify", str(tmp_path / "none.pdf")).exit_code != 0


def test_suspend_and_reinstate(app: Flask, session: Session) -> None:
    serial = factory.issued(session).serial
    assert json.loads(run(app, "suspend", serial, "--reason", "x", "--ground", "under_review").stdout) == {
        "serial": serial,
        "status": "suspended",
    }
    assert json.loads(run(app, "reinstate", serial, "--reason", "x").stdout)["status"] == "valid"
    refused = run(app, "reinstate", serial, "--reason", "x")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert run(app, "revoke", serial).exit_code != 0
    assert run(app, "revoke", "x", "--reason", "x").exit_code == 1
