"""Two disasters tried for real: the database gone and restored to a moment, and its standby promoted.

`python -m tests.faults.recovery`: candidates save all the while; what they were promised is counted afterwards.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from deploy import local, places
from tests.faults import checker, journal
from tests.faults.candidates import Candidate
from tests.faults.hosts import ROOT, SECRET, Host, flask, wait_until
from tests.faults.say import tell
from tests.faults.servers import BIN, Server, available, own_folder

LOAD = 12.0
CANDIDATES = 16
SYNCHRONOUS = {"synchronous_standby_names": "'FIRST 1 (standby)'", "synchronous_commit": "on"}


class Trial:
    """A primary server, a web host on it, and candidates at work."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="exam-recovery-"))
        self.folder.chmod(0o711)
        self.scripts = Path(shutil.copytree(ROOT / "deploy" / "backup", self.folder / "backup"))
        self.backups = own_folder(self.folder / "backups")
        self.primary = Server(self.folder / "primary")
        settings = {name: value.replace("{folder}", str(self.folder)) for name, value in settings.items()}
        self.primary.create(settings)
        self.database_socket = self.primary.socket
        self.redis_socket = Path(
            local.ensure_redis(places.prepare(self.folder / "redis")).removeprefix("unix://").split("?")[0]
        )
        self._flask("db", "upgrade")
        self._flask("bank", "import", "question_bank/content/junior")
        self.host = Host("host1", self, self.folder)
        wait_until(self.host.ready, 180, "the host ready")

    def begin(self) -> list[Candidate]:
        asked = ["--scheme", "PTS152010301-01", "--level", "junior", "--candidates", str(CANDIDATES), "--json"]
        made = json.loads(self._flask("demo", "create", *asked, "--proctors", "1", "--examiners", "2"))
        people = [Candidate(one, [self.host.address], place, 0.03) for place, one in enumerate(made["candidates"])]
        for person in people:
            person.start()
        wait_until(lambda: all(one.started.is_set() for one in people), 180, "every candidate started")
        return people

    def close(self) -> None:
        self.host.close()
        self.primary.stop()
        local.stop(self.folder / "redis")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _flask(self, *arguments: str) -> str:
        return flask(self.primary.direct, self.redis_socket, self.folder, *arguments)


def restored_to_a_moment() -> int:
    """A base backup while saving goes on, the cluster deleted, and a new one as it was at a chosen moment."""
    archive = '{folder}/backup/archive.sh "%p" "%f" {folder}/backups/wal'
    trial = Trial({"archive_mode": "on", "archive_command": f"'{archive}'", "archive_timeout": "5s"})
    restored = Server(trial.folder / "restored")
    try:
        people = trial.begin()
        time.sleep(LOAD / 2)
        began = time.monotonic()
        primary = trial.primary
        base = primary.run(trial.scripts / "base.sh", str(trial.backups), environment=primary.environment).strip()
        tell(f"base backup while saving: {time.monotonic() - began:.1f} s")
        time.sleep(LOAD / 2)
        promised = {one.journal.attempt: one.journal.acked for one in people}
        moment = datetime.now(UTC)
        time.sleep(LOAD / 2)
        _end(people)
        with psycopg.connect(primary.direct, autocommit=True) as link:
            link.execute("SELECT count(*) FROM attempt_change").fetchone()
        primary.run(BIN / "psql", "-qc", "SELECT pg_switch_wal()", "-d", "postgres", environment=primary.environment)
        wait_until(lambda: _archived(primary), 60, "the last log file archived")
        primary.kill()
        shutil.rmtree(primary.data)
        began = time.monotonic()
        at = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
        restored.run(trial.scripts / "restore.sh", base, str(trial.backups / "wal"), str(restored.data), at)
        restored.start()
        wait_until(lambda: _writable(restored), 120, "the restored server open for writing")
        tell(f"restored to {at} in {time.monotonic() - began:.1f} s")
        lost, kept, later = _compare(restored, promised, moment)
        tell(f"promised before that moment {sum(promised.values())}, lost {lost}; kept {kept}, of later ones {later}")
        return lost + later
    finally:
        restored.stop()
        trial.close()


def promoted() -> int:
    """A synchronous standby; the primary is killed under load; the standby takes over and holds every promise."""
    trial = Trial({})
    standby = Server(trial.folder / "standby")
    try:
        primary = trial.primary
        arguments = ["-D", str(standby.data), "-R", "-X", "stream", "--checkpoint=fast"]
        source = f"host={primary.sockets} port=5432 user=postgres application_name=standby"
        standby.run(BIN / "pg_basebackup", *arguments, "-d", source)
        with (standby.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = '{source}'\n")
        standby.start()
        primary.configure(SYNCHRONOUS)
        primary.run(BIN / "pg_ctl", "-D", str(primary.data), "reload")
        people = trial.begin()
        time.sleep(LOAD)
        primary.kill()
        began = time.monotonic()
        standby.promote()
        trial.host.to_database.upstream = standby.socket
        trial.host.heal()
        moment = time.monotonic()
        wait_until(lambda: any(one.journal.last_ack_began > moment for one in people), 120, "saving on the standby")
        tell(f"promoted and saving again after {time.monotonic() - began:.1f} s")
        time.sleep(LOAD / 2)
        _end(people)
        kept = trial.folder / "journal.jsonl"
        journal.write(kept, [one.journal for one in people])
        wait_until(lambda: _sealed(standby), 60, "every audit line chained")
        found = checker.check(standby.direct, SECRET, journal.read(kept), closed=False)
        tell(f"acknowledged {found.counts['acknowledged']}, lost {found.counts['lost']}")
        for problem in found.problems:
            tell(f"PROBLEM {problem}")
        return len(found.problems)
    finally:
        standby.stop()
        trial.close()


def _end(people: list[Candidate]) -> None:
    for person in people:
        person.over.set()
    for person in people:
        person.join(30)


def _compare(server: Server, promised: dict[int, int], moment: datetime) -> tuple[int, int, int]:
    with psycopg.connect(server.direct) as link:
        later = "count(*) FILTER (WHERE received_at > %s)"
        query = f"SELECT attempt_id, max(seq), count(*), {later} FROM attempt_change GROUP BY 1"  # noqa: S608
        rows = {row[0]: row[1:] for row in link.execute(query, [moment])}
    lost = sum(max(0, acked - rows.get(attempt, (0, 0, 0))[0]) for attempt, acked in promised.items())
    gaps = sum(last - count for last, count, _ in rows.values())
    return lost + gaps, sum(count for _, count, _ in rows.values()), sum(later for _, _, later in rows.values())


def _archived(server: Server) -> bool:
    with psycopg.connect(server.direct) as link:
        row = link.execute("SELECT last_archived_time > now() - interval '20 s' FROM pg_stat_archiver").fetchone()
    return bool(row and row[0])


def _writable(server: Server) -> bool:
    try:
        with psycopg.connect(server.direct) as link:
            row = link.execute("SELECT NOT pg_is_in_recovery()").fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError:
        return False


def _sealed(server: Server) -> bool:
    with psycopg.connect(server.direct) as link:
        row = link.execute("SELECT (SELECT count(*) FROM audit_line) = (SELECT count(*) FROM audit_seal)").fetchone()
    return bool(row and row[0])


def main() -> int:
    if not available():
        tell("left out: no PostgreSQL server programs (Debian: postgresql; or PGBIN)")
        return 0
    return 1 if restored_to_a_moment() + promoted() else 0


if __name__ == "__main__":
    sys.exit(main())
