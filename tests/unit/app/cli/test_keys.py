"""Keys and the renewal of proofs at the command line, and by the worker itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.cli import archiving
from app.models.archive import KnownKey
from app.models.certificate import Certificate, CertificateArchive
from certificates.archive import troubles
from certificates.register.document import whole
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificates as factory
from tests.unit.app.cli.commands import run, value

NOW = datetime.now(UTC)
SOON = NOW + timedelta(days=30)


def weakening(session: Session, at: datetime | None) -> Certificate:
    """Issued by the demonstration, its proof said to end then."""
    made = factory.issued(session)
    session.execute(update(Certificate).where(Certificate.id == made.id).values(weakens_at=at))
    session.commit()
    return session.get_one(Certificate, made.id, populate_existing=True)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for what in ("renew", "keys"):
        monkeypatch.setitem(archiving._again, what, 0.0)


def test_the_keys_at_work_are_shown(app: Flask) -> None:
    said = value(run(app, "key", "show", "--json"))
    assert [one["use"] for one in said["keys"] if one["now"]] == ["signing", "root"]
    assert all(one["days_left"] > 90 and len(one["sha256"]) == 64 for one in said["keys"])
    assert said["warnings"] == []


def test_a_due_file_is_renewed_on_demand(app: Flask, session: Session) -> None:
    made = weakening(session, SOON)
    assert value(run(app, "certificate", "archive", "--status", "--json"))["due"] == 1
    said = value(run(app, "certificate", "archive", "--json"))
    assert (said["renewed"], said["failed"], said["due"], said["troubles"]) == (1, [], 0, [])
    session.expire_all()
    assert whole(session, made) != made.pdf
    assert value(run(app, "certificate", "archive", "--json"))["renewed"] == 0


def test_one_without_a_time_stamp_is_given_one(app: Flask, session: Session) -> None:
    weakening(session, None)
    assert value(run(app, "certificate", "archive", "--status", "--json"))["unstamped"] == 1
    said = value(run(app, "certificate", "archive", "--json"))
    assert (said["renewed"], said["unstamped"]) == (1, 0)


def test_the_worker_renews_by_itself_and_notes_the_keys(app: Flask, session: Session) -> None:
    weakening(session, SOON)
    assert run(app, "worker", "--once").exit_code == 0
    assert session.scalar(select(func.count()).select_from(CertificateArchive)) == 1
    assert sorted(session.scalars(select(KnownKey.use))) == ["root", "signing", "stamping"]


def test_the_worker_leaves_those_without_a_time_stamp_alone(app: Flask, session: Session) -> None:
    weakening(session, None)
    assert archiving.renew_proofs() == 0


def test_the_worker_waits_where_something_stands_in_the_way_of_all(app: Flask, session: Session) -> None:
    weakening(session, SOON)
    troubles.met(session, troubles.ALL, timestamp_unavailable("silent"), datetime.now(UTC))
    session.commit()
    assert archiving.renew_proofs() == 0
    said = value(run(app, "certificate", "archive", "--status", "--json"))
    assert [(one["serial"], one["code"], one["about"]) for one in said["troubles"]] == [
        ("*", "timestamp_unavailable", "silent")
    ]
