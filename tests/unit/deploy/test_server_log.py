"""What the server says of a request that it cannot read: one JSON object, and nothing of the request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECRET = "zhangsan"
SPEAKS = f"""
import sys
from gunicorn.config import Config
from deploy.server_log import ServerLog
spoken = ServerLog(Config())
spoken.warning("Invalid request from ip=10.1.2.3: Invalid HTTP request line: 'GET /verify?name={SECRET}'")
try:
    raise ValueError("{SECRET}")
except ValueError:
    spoken.exception("Error handling request %s %s", "GET", "/verify?name={SECRET}")
spoken.error("Worker (pid:%s) was sent %s!", 17, "SIGKILL")
assert "redis" not in sys.modules and "psycopg" not in sys.modules, "gevent must find them not loaded yet"
"""


def test_a_request_that_cannot_be_read_is_not_quoted() -> None:
    run = subprocess.run([sys.executable, "-c", SPEAKS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert SECRET not in run.stderr
    assert "10.1.2.3" not in run.stderr
    first, second, third = (json.loads(line) for line in run.stderr.splitlines())
    assert (first["event"], first["level"]) == ("Invalid request", "warning")
    assert second["error"] == {"kind": "ValueError"}
    assert third["event"] == "Worker (pid:17) was sent SIGKILL!"
