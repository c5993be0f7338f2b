"""PostgreSQL servers as a certifying body installs them (Debian's, or those in PGBIN), to restore and promote."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg

BIN = Path(os.environ.get("PGBIN") or max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nowhere")))
PORT = 5432
SETTINGS = {
    "listen_addresses": "''",
    "wal_level": "replica",
    "max_wal_senders": "5",
    "hot_standby": "on",
    "timezone": "'UTC'",
    "max_connections": "150",
}


def available() -> bool:
    return (BIN / "postgres").exists()


class Server:
    """One cluster in a folder of its own; as root it belongs to the account postgres."""

    def __init__(self, folder: Path) -> None:
        self.data, self.sockets = folder / "data", folder / "sockets"
        self.log, self.said = folder / "server.log", folder / "programs.log"
        self.socket = self.sockets / f".s.PGSQL.{PORT}"
        for path in (folder, self.sockets):
            path.mkdir(exist_ok=True)
            _give(path)

    @property
    def direct(self) -> str:
        return f"postgresql://exam@/exam?host={self.sockets}&port={PORT}"

    @property
    def environment(self) -> dict[str, str]:
        """For the scripts under deploy/backup."""
        return {"PGHOST": str(self.sockets), "PGPORT": str(PORT), "PGUSER": "postgres", "PGBIN": str(BIN)}

    def create(self, settings: Mapping[str, str]) -> None:
        command = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(self.data)]
        self.run(BIN / "initdb", *command)
        self.configure({**SETTINGS, **settings})
        self.start()
        with psycopg.connect(
            host=str(self.sockets), port=PORT, user="postgres", dbname="postgres", autocommit=True
        ) as link:
            link.execute("CREATE ROLE exam LOGIN")
            link.execute("CREATE DATABASE exam OWNER exam")

    def configure(self, settings: Mapping[str, str]) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        options = ["-D", str(self.data), "-l", str(self.log), "-o", f"-k {self.sockets}", "-w", "-t", "120", "start"]
        self.run(BIN / "pg_ctl", *options)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run(BIN / "pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop", check=False)

    def kill(self) -> None:
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def promote(self) -> None:
        self.run(BIN / "pg_ctl", "-D", str(self.data), "-w", "-t", "120", "promote")

    def run(
        self, program: Path, *arguments: str, check: bool = True, environment: Mapping[str, str] | None = None
    ) -> str:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        env |= environment or {}
        account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(  # type: ignore[call-overload]
            [str(program), *arguments], env=env, cwd="/", check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program.suffix == ".sh" else subprocess.DEVNULL, stderr=self.said.open("ab"),
            **account,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise AssertionError(f"{program.name}: {done.returncode}\n{self.said.read_text(errors='replace')[-2000:]}")
        return (done.stdout or b"").decode()


def own_folder(path: Path) -> Path:
    """Made anew, and the servers' own."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    _give(path)
    return path


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(path, entry.pw_uid, entry.pw_gid)
