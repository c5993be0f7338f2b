"""Further processes take orders as the worker does, and end with it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.config import Settings, SettingsError
from app.core.clock import now
from certificates.batches import helper, helpers
from certificates.batches.for_session import order_for_session
from certificates.batches.helpers import Helpers
from tests.factories import batches
from tests.factories import certificates as factory
from tests.factories.batches import holdings


def ordered(session: Session, people: int) -> None:
    exam = batches.seated(session, people).id
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()


def test_a_helper_works_the_queue_off_and_ends(
    session: Session, app_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(session, 3)
    monkeypatch.setattr(helpers, "WORTH_A_PROCESS", 1)
    called, settings = Helpers(), replace(app_settings, issuing_processes=2)
    assert called.wanted(settings)
    called.call(settings, 3)
    assert not called.wanted(settings)
    (process,) = called._called
    process.wait(60)
    assert process.returncode == 0
    assert holdings(session)["certificates"] == 3
    assert called.wanted(settings)
    called.dismiss()


def test_a_short_queue_and_a_single_core_call_nobody(app_settings: Settings) -> None:
    called = Helpers()
    assert not called.wanted(app_settings)
    called.call(replace(app_settings, issuing_processes=4), helpers.WORTH_A_PROCESS - 1)
    assert called._called == []


def test_a_helper_whose_caller_is_gone_takes_nothing_more(session: Session, app_settings: Settings) -> None:
    ordered(session, 1)
    command = [sys.executable, "-m", "certificates.batches.helper"]
    done = subprocess.run(command, input=pickle.dumps(app_settings), cwd=helpers.ROOT, check=False, timeout=120)
    assert done.returncode == 0
    alone = threading.Event()
    alone.set()
    assert helper.help_out(app_settings, alone) == 0


@pytest.mark.parametrize("given", ["0", "65", "-1", "two"])
def test_a_number_of_processes_that_makes_no_sense(given: str) -> None:
    env = {"DATABASE_URL": "x", "REDIS_URL": "x", "SECRET_KEY": "x" * 16, "ISSUING_PROCESSES": given}
    with pytest.raises(SettingsError):
        Settings.from_env(env)


def test_a_mail_server_that_is_no_address() -> None:
    env = {"DATABASE_URL": "x", "REDIS_URL": "x", "SECRET_KEY": "x" * 16, "SMTP_URL": "mail.example.org"}
    with pytest.raises(SettingsError):
        Settings.from_env(env)
