import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.delivery import sessions
from tests.factories import theory
from tests.unit.app.cli.commands import run

ROOT = Path(__file__).parents[4]
LEVEL = ["--scheme", "PTS152010301-01", "--level", "junior"]


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def bank(store: Flask, session: Session) -> Flask:
    """Every cell twice over: enough for two papers that share no item."""
    theory.bank(session, times=2)
    session.commit()
    return store


def test_papers_rehearsed_keep_the_cap_of_so_many(bank: Flask) -> None:
    one, other = lines(run(bank, "paper", "draw", *LEVEL, "--count", "2", "--seed", "7"))
    assert not {item["id"] for item in one["items"]} & {item["id"] for item in other["items"]}
    assert (one["expected"], one["seconds"]) == (60.0, 90 * 60)
    assert lines(run(bank, "paper", "draw", *LEVEL, "--count", "2", "--seed", "7")) == [one, other]


def test_the_check_says_what_the_bank_can_do(bank: Flask) -> None:
    value = json.loads(run(bank, "paper", "check", *LEVEL, "--candidates", "2", "--json").stdout)
    assert value["possible"]
    assert value["rehearsal"] == {
        "lowest": 60.0, "highest": 60.0, "spread": 0.0, "shortest": 5400, "longest": 5400, "largest_share": 50,
    }  # fmt: skip
    assert "2" in run(bank, "paper", "check", *LEVEL, "--candidates", "2").stdout


def test_the_check_names_what_is_lacking_and_fails(bank: Flask) -> None:
    result = run(bank, "paper", "check", *LEVEL, "--candidates", "3", "--json")
    assert result.exit_code == 1
    value = json.loads(result.stdout)
    assert (value["possible"], value["new_items"], value["raise_cap_to"]) == (False, 90, 67)
    assert len(value["lacks"]) == 22
    said = run(bank, "paper", "check", *LEVEL, "--candidates", "3")
    assert said.exit_code == 1
    assert said.stdout.splitlines() == value["sentences"]


def test_a_proof_is_written_and_checked(bank: Flask, session: Session, tmp_path: Path) -> None:
    exam = theory.theory_session(session, candidates=2)
    sessions.prepare_session(session, theory.REGISTRAR, exam.id, now())
    session.commit()
    folder = tmp_path / "proof"
    refused = run(bank, "paper", "proof", str(exam.id), "--output", str(folder))
    assert refused.exit_code == 1
    assert not folder.exists()
    sessions.open_session(session, theory.REGISTRAR, exam.id, now())
    sessions.close_session(session, theory.REGISTRAR, exam.id, now())
    session.commit()
    value = json.loads(
        run(bank, "paper", "proof", str(exam.id), "--output", str(folder), "--with-keys", "--json").stdout
    )
    assert value["files"] == ["seal.json", "snapshot.json", "papers.json"]
    script = [sys.executable, "-I", str(ROOT / "tools" / "check_draw.py"), str(folder)]
    assert subprocess.run(script, capture_output=True, check=False).returncode == 0
    (tmp_path / "file").touch()
    assert run(bank, "paper", "proof", str(exam.id), "--output", str(tmp_path / "file" / "x")).exit_code == 1


def test_an_unknown_session_has_no_proof(store: Flask, tmp_path: Path) -> None:
    assert run(store, "paper", "proof", "1", "--output", str(tmp_path)).exit_code == 1
