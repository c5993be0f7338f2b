"""The embedded servers under the things that happen to them on people's machines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import redis
import sqlalchemy as sa

from app.core.errors import Refusal
from deploy import local, places

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stores") / "a folder with spaces" / "考试数据" / ("long" * 30)
    yield folder
    local.remove(folder)


def start(data_dir: Path) -> str:
    return local.ensure_database(data_dir, durable=False)


def ask(url: str, statement: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as link:
        result = link.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None


def postmaster(data_dir: Path) -> int:
    return int((places.cluster_of(data_dir) / "postmaster.pid").read_text().splitlines()[0])


def kill(pid: int) -> None:
    process = psutil.Process(pid)
    process.kill()
    psutil.wait_procs([process], timeout=60)


def test_data_outlives_a_stop(data_dir: Path) -> None:
    ask(start(data_dir), "CREATE TABLE kept_through_stop AS SELECT 42 AS figure")
    assert "PostgreSQL" in local.stop(data_dir)
    assert local.stop(data_dir) == []
    assert ask(start(data_dir), "SELECT figure FROM kept_through_stop") == 42


def test_data_outlives_a_kill(data_dir: Path) -> None:
    ask(start(data_dir), "CREATE TABLE kept_through_kill AS SELECT 42 AS figure")
    kill(postmaster(data_dir))
    assert ask(start(data_dir), "SELECT figure FROM kept_through_kill") == 42


def test_a_pid_file_left_by_a_crash_may_name_a_process_of_ours(data_dir: Path) -> None:
    start(data_dir)
    left = places.cluster_of(data_dir) / "postmaster.pid"
    text = left.read_text()
    local.stop(data_dir)
    lines = [str(os.getpid()), *text.splitlines()[1:]]
    left.write_text("\n".join(lines) + "\n")
    assert ask(start(data_dir), "SELECT 1") == 1


def test_the_engine_is_no_superuser(data_dir: Path) -> None:
    assert ask(start(data_dir), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_many_ask_at_once_and_get_one_server(data_dir: Path) -> None:
    script = "from deploy import local; from pathlib import Path; import sys; d = Path(sys.argv[1])"
    script += "; print(local.ensure_database(d, durable=False), local.ensure_redis(d))"

    def one(_: int) -> str:
        command = [sys.executable, "-c", script, str(data_dir)]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    local.stop(data_dir)
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(one, range(4)))
    assert len(answers) == 1
    assert sorted(local.stop(data_dir)) == ["PostgreSQL", "Valkey"]


def test_valkey_comes_back_after_a_kill(data_dir: Path) -> None:
    url = local.ensure_redis(data_dir)
    with redis.Redis.from_url(url) as link:
        kill(int(link.info("server")["process_id"]))
    with redis.Redis.from_url(local.ensure_redis(data_dir)) as link:
        assert link.ping()


def test_nobody_else_may_reach_the_sockets(data_dir: Path) -> None:
    local.ensure_redis(data_dir)
    folder = places.socket_name(data_dir.resolve(), places.account_for(places.cluster_of(data_dir.resolve())))
    assert folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o755)
    with pytest.raises(Refusal, match="open to others"):
        local.ensure_redis(data_dir)
    folder.chmod(0o700)


def test_sockets_are_removed_with_the_servers(data_dir: Path) -> None:
    url = local.ensure_redis(data_dir)
    local.stop(data_dir)
    assert not Path(url.removeprefix("unix://").split("?")[0]).parent.exists()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(Refusal, match="cannot be used"):
        local.ensure_database(blocked / "var")


def test_a_server_outlives_the_command_that_started_it(data_dir: Path) -> None:
    script = "from deploy import local; from pathlib import Path; import sys"
    script += "; print(local.ensure_database(Path(sys.argv[1]), durable=False)); sys.stdout.flush(); input()"
    command = [sys.executable, "-c", script, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert ask(url, "SELECT 1") == 1


def test_a_removed_store_begins_anew(tmp_path: Path) -> None:
    ask(start(tmp_path), "CREATE TABLE gone (figure int)")
    local.remove(tmp_path)
    assert not places.cluster_of(tmp_path).exists()
    assert ask(start(tmp_path), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    local.remove(tmp_path)
