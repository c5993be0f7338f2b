"""Figures of several processes are one sum, and outlive the process that counted them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.core import metrics_folder

COUNT = """
from app.core import metrics
metrics.SAVES.inc({saves})
metrics.SAVE_SECONDS.observe(0.01)
metrics.POOL_IN_USE.inc(2)
metrics.CLOSINGS_DUE.set({saves})
import os; print(os.getpid())
"""
TELL = "from app.core import metrics; print(metrics.exposition().decode())"


def run(code: str, folder: Path) -> str:
    env = os.environ | {metrics_folder.VARIABLE: str(folder)}
    return subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True).stdout


def test_processes_are_added_up(tmp_path: Path) -> None:
    numbers = [int(run(COUNT.format(saves=saves), tmp_path)) for saves in (3, 4)]
    told = run(TELL, tmp_path).splitlines()
    assert "exam_saves_total 7.0" in told
    assert "exam_save_seconds_count 2.0" in told
    assert "exam_closings_due 4.0" in told
    assert "exam_pool_in_use 4.0" in told
    for number in numbers:
        metrics_folder.forget(number, {metrics_folder.VARIABLE: str(tmp_path)})
    told = run(TELL, tmp_path).splitlines()
    assert "exam_saves_total 7.0" in told
    assert "exam_pool_in_use 4.0" not in told


def test_files_of_the_dead_go_when_a_service_starts(tmp_path: Path) -> None:
    dead = int(run(COUNT.format(saves=1), tmp_path))
    mine = tmp_path / f"counter_{os.getpid()}.db"
    mine.touch()
    assert metrics_folder.forget_the_dead(tmp_path) > 0
    assert list(tmp_path.glob(f"*_{dead}.db")) == []
    assert mine.exists()


def test_the_folder_is_named_and_made(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path)}
    folder = metrics_folder.shared_folder(env)
    assert folder == tmp_path / "metrics"
    assert folder.is_dir()
    assert env[metrics_folder.VARIABLE] == str(folder)
