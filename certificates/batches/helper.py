"""python -m certificates.batches.helper: one process that works off orders until none is due; helpers.py starts it."""

from __future__ import annotations

import os
import pickle
import sys
import threading

from flask import Flask

import app.models  # noqa: F401  # every table known before the first query
from app.config import Settings
from app.core import clock, logs
from app.core.db import db
from certificates.batches.taking import take_and_work
from certificates.signing.seals import issuers


def main(pipe: int) -> None:
    with open(pipe, "rb", closefd=False) as told:  # no path, but what was handed over
        settings: Settings = pickle.load(told)  # noqa: S301  # from the process that started this one
    logs.configure("warning" if settings.testing else settings.log_level)
    alone = threading.Event()
    threading.Thread(target=_listen, args=(pipe, alone), daemon=True).start()
    help_out(settings, alone)


def help_out(settings: Settings, alone: threading.Event) -> int:
    """How many times it took a handful."""
    with _database(settings).app_context():
        choose, times = issuers(settings), 0
        while not alone.is_set() and take_and_work(db.session(), clock.now(), choose):
            db.session.remove()
            times += 1
        db.session.remove()
        db.engine.dispose()
    return times


def _database(settings: Settings) -> Flask:
    """As much of an application as the database session hangs on."""
    app = Flask("helper")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    app.extensions["settings"] = settings
    db.init_app(app)
    return app


def _listen(pipe: int, alone: threading.Event) -> None:
    """The pipe closes when whoever called is gone, or wants no more help."""
    os.read(pipe, 1)
    alone.set()


if __name__ == "__main__":
    main(sys.stdin.fileno())
