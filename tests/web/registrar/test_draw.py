"""The check of the bank before a session, and the proof of its draw after it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.delivery import sessions
from app.models.account import Role
from app.models.audit import AuditLine
from tests.factories import people, practical, theory
from tests.factories.theory import REGISTRAR

CHECKER = Path(__file__).parents[3] / "tools" / "check_draw.py"
Headers = dict[str, str]


@pytest.fixture
def auditor(store: Flask, session: Session) -> Headers:
    return people.bearer(store, session, people.user(session, Role.AUDITOR))


def closed(session: Session, candidates: int = 2) -> int:
    sitting, *_ = theory.open_sitting(session, candidates=candidates)
    sessions.close_session(session, REGISTRAR, sitting.session_id, now())
    session.commit()
    return sitting.session_id


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def test_the_check_says_that_the_bank_suffices(session: Session, client: FlaskClient, registrar: Headers) -> None:
    theory.bank(session)
    exam = theory.theory_session(session, candidates=2)
    session.commit()
    page = client.get(f"/registrar/sessions/{exam.id}/bank", headers=registrar)
    assert page.status_code == 200
    assert "2" in page.text
    told = client.get(f"/api/v1/sessions/{exam.id}/bank-check", headers=registrar).json
    assert (told["possible"], told["papers"], told["lacks"]) == (True, 2, [])


def test_the_check_names_every_cell_that_is_short(session: Session, client: FlaskClient, registrar: Headers) -> None:
    theory.bank(session, times=1)
    exam = theory.theory_session(session, candidates=2)
    session.commit()
    told = client.get(f"/api/v1/sessions/{exam.id}/bank-check", headers=registrar).json
    assert told["possible"] is False
    assert told["new_items"] == sum(lack["missing"] for lack in told["lacks"]) == 90
    assert told["raise_cap_to"] == 100
    page = client.get(f"/registrar/sessions/{exam.id}/bank", headers=registrar).text
    assert "职业素养" in page


def test_the_seal_is_shown_and_its_secret_is_not(session: Session, client: FlaskClient, registrar: Headers) -> None:
    sitting, *_ = theory.open_sitting(session)
    page = client.get(f"/registrar/sessions/{sitting.session_id}", headers=registrar).text
    sealed = session.scalars(select(AuditLine.data).where(AuditLine.tag == "session:sealed")).one()
    assert sealed["secret_sha256"] in page
    early = client.post(f"/registrar/sessions/{sitting.session_id}/proof", headers=registrar)
    assert early.status_code in (303, 409)
    assert client.get(f"/api/v1/sessions/{sitting.session_id}/proof", headers=registrar).status_code == 409


def test_a_stranger_checks_the_proof(
    session: Session, client: FlaskClient, registrar: Headers, auditor: Headers, tmp_path: Path
) -> None:
    session_id = closed(session)
    sealed = session.scalars(select(AuditLine.data).where(AuditLine.tag == "session:sealed")).one()
    ways = {
        "page": client.post(f"/registrar/sessions/{session_id}/proof", headers=registrar),
        "api": client.get(f"/api/v1/sessions/{session_id}/proof", headers=registrar),
        "keys": client.post(f"/registrar/sessions/{session_id}/proof-with-keys", headers=auditor),
    }
    for name, answer in ways.items():
        assert answer.status_code == 200
        folder = unpacked(answer.data, tmp_path / name)
        command = [sys.executable, "-I", str(CHECKER), str(folder), sealed["secret_sha256"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert ("keys" in json.loads((folder / "snapshot.json").read_text())) == (name == "keys")
    refused = client.post(f"/registrar/sessions/{session_id}/proof-with-keys", headers=registrar)
    assert refused.status_code == 403


def test_a_practical_has_no_draw(session: Session, client: FlaskClient, registrar: Headers) -> None:
    exam, _ = practical.open_practical(session)
    assert client.get(f"/api/v1/sessions/{exam.id}/bank-check", headers=registrar).status_code == 409
