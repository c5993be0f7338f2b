from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models.certificate import Certificate
from certificates.register import making
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificate_life as life
from tests.factories import certificates as factory
from tests.unit.app.cli import commands


@pytest.fixture
def old(session: Session) -> Certificate:
    return factory.issued(session, name="王小名")


def run(app: Flask, *words: str) -> Any:
    return commands.run(app, "certificate", *words, "--json")


CORRECT = ("--name", "王小明", "--document", "身份证", "--reason", "误录")


def test_from_the_wrong_name_to_the_letter(app: Flask, old: Certificate, tmp_path: Path) -> None:
    serial, file = old.serial, tmp_path / "letter.pdf"
    corrected = commands.value(run(app, "correct-name", serial, *CORRECT))
    assert corrected == {"before": "王小名", "name": "王小明", "to_replace": [serial]}
    made = commands.value(run(app, "replace", serial, "--reason", "误录"))
    assert (made["status"], made["holder"], made["replaces"]) == ("valid", "王小明", serial)
    found = commands.value(run(app, "decisions", serial))
    assert (found["worth"], found["replaced_by"]) == ("replaced", made["serial"])
    letter = commands.value(run(app, "letter", serial, str(found["decisions"][-1]["id"]), str(file)))
    assert letter["letter"] == f"{serial}/02"
    assert file.read_bytes().startswith(b"%PDF-")


def test_what_ends_and_a_renewal_that_is_refused(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    life.with_terms(monkeypatch)
    made = factory.issued(session)
    assert commands.value(run(app, "ending", "--months", "36"))["certificates"][0]["serial"] == made.serial
    assert commands.value(run(app, "ending"))["total"] == 0
    assert run(app, "renew", made.serial, "--reason", "x").exit_code == 1


def test_the_worker_does_what_had_to_wait(
    app: Flask, session: Session, old: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from app.cli.certificate_life import work_on_successions
    from app.core import clock

    life.rename(session, old, "王小明")
    session.commit()

    def refused(*_: object) -> None:
        raise timestamp_unavailable("down")

    with monkeypatch.context() as outage:
        outage.setattr(making, "pressed", refused)
        assert run(app, "replace", old.serial, "--reason", "x").exit_code == 1
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert work_on_successions() == 1
    session.refresh(old)
    assert old.status == "replaced"
