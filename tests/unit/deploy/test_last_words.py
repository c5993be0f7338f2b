"""A served process told to stop passes on what it heard, and that it was at work until then, before it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core.db import db
from app.models.watching import ServiceSign
from proctoring.presence import presence
from tests.factories import theory
from tests.web.api.test_attempts import Seat

ROOT = Path(__file__).resolve().parents[3]
SILENT_UNTIL_THE_END = """
from app.web import signs
signs.EVERY = 3600.0
from wsgi import app
"""


@contextmanager
def served(settings: Settings, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """gunicorn with the project's own configuration, in one process that says nothing by itself."""
    (folder / "quiet.py").write_text(SILENT_UNTIL_THE_END)
    told = {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": settings.secret_key,
        "DATA_DIR": str(folder), "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{taken.fileno()}", "--pythonpath", str(folder)]
        process = subprocess.Popen(
            [*command, "quiet:app"], cwd=ROOT, env={**os.environ, **told}, pass_fds=[taken.fileno()]
        )
        try:
            yield taken.getsockname()[1], process
        finally:
            process.kill()
            process.wait()


def test_what_it_heard_is_not_lost_with_it(store: Flask, app_settings: Settings, tmp_path: Path) -> None:
    with store.app_context():
        (sitting,) = theory.open_sitting(db.session())
    seat = Seat(store, sitting)
    seat.start()
    store.extensions["store"].flushdb()
    with store.app_context():
        db.session.execute(sa.delete(ServiceSign))
        db.session.commit()
    with served(app_settings, tmp_path) as (port, process):
        beat = json.dumps({"client": seat.client, "changes": []}).encode()
        headers = {**seat.headers, "Content-Type": "application/json"}
        path = f"http://127.0.0.1:{port}/api/v1/attempts/{sitting.attempt_id}/changes"
        with urllib.request.urlopen(urllib.request.Request(path, beat, headers)) as answer:
            assert answer.status == 200
        with store.app_context():
            assert db.session.get(ServiceSign, 1) is None
            assert presence().signs([sitting.attempt_id]) == {}
        process.terminate()
        assert process.wait() == 0
    with store.app_context():
        assert db.session.get(ServiceSign, 1) is not None
        assert set(presence().signs([sitting.attempt_id]) or {}) == {sitting.attempt_id}
