"""A worker that dies at any step of a batch leaves whole certificates and open orders, and nothing in between."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.clock import now
from app.models.account import User
from app.models.certificate import Certificate
from app.models.mail import MailMessage
from certificates.batches.for_session import order_for_session
from tests.factories import batches
from tests.factories import certificates as factory
from tests.factories.batches import holdings
from tests.faults.issuing import STEPS

ROOT = Path(__file__).resolve().parents[4]
PEOPLE, KILLED = 5, -9
Workers = tuple[IO[bytes], IO[bytes]]


@pytest.fixture(scope="module")
def workers(app_settings: Settings) -> Iterator[Workers]:
    """Where to name the step at which the next worker is to die, and where its end is told."""
    command = [sys.executable, "-m", "tests.faults.issuing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        pickle.dump(app_settings, process.stdin)
        process.stdin.flush()
        yield process.stdin, process.stdout
        process.stdin.close()


def run(workers: Workers, step: str = "") -> int:
    asked, told = workers
    asked.write(f"{step}\n".encode())
    asked.flush()
    return int(told.readline())


def agree(held: dict[str, int]) -> bool:
    """Everything that goes with a certificate is there with each, and no more."""
    return len({held[what] for what in ("certificates", "people", "events", "lines", "credentials", "logged")}) == 1


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_half_issued_lost_or_doubled(app: Flask, session: Session, workers: Workers, step: str) -> None:
    exam = batches.seated(session, PEOPLE).id
    for user in session.scalars(select(User)):
        user.email = "holder@example.com"
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()

    assert run(workers, step) == KILLED
    held = holdings(session)
    assert agree(held)
    assert held["done"] == held["certificates"] < PEOPLE
    assert held["waiting"] == PEOPLE - held["certificates"]
    before = {one.serial: one.sha256 for one in session.scalars(select(Certificate))}

    assert run(workers) == 0
    held = holdings(session)
    assert agree(held)
    assert (held["done"], held["people"], held["waiting"]) == (PEOPLE, PEOPLE, 0)
    after = {one.serial: one.sha256 for one in session.scalars(select(Certificate))}
    assert before.items() <= after.items()
    assert len(session.scalars(select(MailMessage)).all()) == PEOPLE
