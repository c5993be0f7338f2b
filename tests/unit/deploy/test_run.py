"""make run: from an empty folder to a page that answers, and to nothing left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import Refusal
from deploy import places, run

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_busy_port_is_named_with_another(taken_port: int) -> None:
    with pytest.raises(Refusal, match=rf"Port {taken_port} .* PORT={taken_port + 1}"), run.held(taken_port):
        pass


@pytest.mark.parametrize("given", ["eighty", "0", "65536", "-1", "8000 ", "８０００"])
def test_what_is_no_port(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Refusal, match="is no port"):
        run._port()


def test_a_second_engine_on_one_store_is_sent_to_the_first(tmp_path: Path) -> None:
    with (
        run.only_one(tmp_path, 8000),
        pytest.raises(Refusal, match=rf"http://127.0.0.1:8000 by process {os.getpid()}"),
        run.only_one(tmp_path, 8001),
    ):
        pass


def test_the_place_is_free_again_after_the_first_has_gone(tmp_path: Path) -> None:
    for port in (8000, 8001):
        with run.only_one(tmp_path, port):
            assert (tmp_path / ".run.lock").read_text().startswith(f"http://127.0.0.1:{port} ")


def test_from_an_empty_folder_to_a_page_and_to_nothing_left(tmp_path: Path) -> None:
    data_dir = tmp_path / "一个 store"
    settings = {"DATA_DIR": str(data_dir), "PORT": str(free_port()), "LANG": "en_GB.UTF-8", "PYTHONUTF8": "1"}
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, "-m", "deploy.run"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=inherited | settings, stdout=pipe, text=True) as engine:
        try:
            said = _until_ready(engine)
            engine.send_signal(signal.SIGINT)
            rest = engine.communicate(timeout=60)[0]
        finally:
            engine.kill()
            cluster = places.cluster_of(data_dir.resolve())
            alive = (cluster / "postmaster.pid").exists()
            shutil.rmtree(cluster, ignore_errors=True)
    logins = data_dir / "demo-logins.json"
    candidates = json.loads(logins.read_text(encoding="utf-8"))["candidates"]
    assert logins.stat().st_mode & 0o077 == 0
    assert all(person["username"] in said and person["password"] in said for person in candidates)
    assert (engine.returncode, alive) == (0, False)
    assert "Everything has stopped" in rest


def _until_ready(engine: subprocess.Popen[str]) -> str:
    """All that was said up to the line that says ready; it is said only once a page has answered."""
    assert engine.stdout is not None
    said = ""
    for line in engine.stdout:
        said += line
        if line.startswith("Ready: "):
            return said
    raise AssertionError(said)
