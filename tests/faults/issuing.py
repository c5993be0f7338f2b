"""python -m tests.faults.issuing: workers that die by SIGKILL at a named step of a batch of certificates.

It reads the settings, then the name of a step a line; for each it forks a worker that takes handfuls of two until it
comes to that step for the second time, and answers with how the worker ended. An empty name lets it finish.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.clock import now
from app.core.db import db
from app.factory import create_app
from certificates.batches import taking, working
from certificates.drawing.face import CertificateFace
from certificates.register import issue, making, notices, orders
from certificates.signing.seals import issuers
from certificates.twin import credentials

STEPS: dict[str, tuple[Any, str]] = {
    "orders taken": (orders, "take"),
    "people locked": (working, "locked_applications"),
    "conditions asked": (working, "dossier_of"),
    "drafted": (working, "drafted"),
    "drawn and signed": (working, "pressed"),
    "certificates stored": (issue, "_accompany"),
    "credentials kept": (credentials, "keep_all"),
    "holder's message queued": (notices, "announce"),
    "entered": (working, "stored_together"),
    "order done": (orders, "done"),
    "before the commit": (taking, "work"),
    "committed": (Session, "commit"),
}


def main() -> None:
    settings: Settings = pickle.load(sys.stdin.buffer)  # noqa: S301
    app = _warm(settings)
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _die_at(line.decode().strip())
            _run(app, settings)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm(settings: Settings) -> Flask:
    """Fonts and keys are read once, before the workers; no connection is left for two of them to share."""
    app = create_app(settings)
    face = CertificateFace("王甲", None, "评价", "P-1", "初级", date(2026, 1, 1), "1-2", "机构", "http://x", True)
    with app.app_context():
        making.pressed(face, issuers(settings)(True), now())
        db.session.remove()
        db.engine.dispose()
    return app


def _run(app: Flask, settings: Settings) -> None:
    with app.app_context():
        while taking.take_and_work(db.session(), now(), issuers(settings), most=2):
            pass


def _die_at(step: str) -> None:
    if not step:
        return
    where, name = STEPS[step]
    real: Callable[..., Any] = getattr(where, name)
    calls = [0]

    def deadly(*given: Any, **named: Any) -> Any:
        answer = real(*given, **named)
        calls[0] += 1
        if calls[0] == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(where, name, deadly)


if __name__ == "__main__":
    main()
