"""An upgrade in the middle of an exam, behind the nginx of deploy/: the pool of the next release starts, the old one
drains, and back again. Not one save may be refused, and a thousand other connections must not notice.

`python -m tests.faults.upgrade`; needs nginx.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.faults import checker, journal
from tests.faults.candidates import Candidate
from tests.faults.hosts import ROOT, SECRET, environment, flask, free_port, wait_until
from tests.faults.say import tell
from tests.faults.stores import Stores

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
CONNECTIONS = 1000
CANDIDATES = 12
CYCLES = 2


class Site:
    """nginx with the files of deploy/nginx, moved to places and ports of our own."""

    def __init__(self, folder: Path, sockets: Path) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "conf.d").mkdir(parents=True)
        own = {
            "/etc/nginx/conf.d": f"{folder}/conf.d", "/run/nginx.pid": f"{folder}/nginx.pid", "/run/exam": str(sockets),
            "/var/log/nginx": str(folder), "/etc/exam/tls": str(folder), "/srv/exam/current": str(ROOT),
            "listen 80 backlog=4096": f"listen {free_port()}", "user www-data;": "user root;",
            "listen 443 ssl http2 backlog=4096": f"listen {free_port()} ssl http2; listen {self.port} backlog=4096",
        }  # fmt: skip
        for source, target in (("nginx.conf", folder / "nginx.conf"), ("exam.conf", folder / "conf.d" / "exam.conf")):
            text = (ROOT / "deploy" / "nginx" / source).read_text()
            for theirs, ours in own.items():
                text = text.replace(theirs, ours)
            target.write_text(text)
        request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        request += ["-days", "2", "-subj", "/CN=exam.example.org", "-keyout", "key.pem", "-out", "fullchain.pem"]
        subprocess.run(request, cwd=folder, check=True, capture_output=True)
        command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), "-g", "daemon off;"]
        self.process = subprocess.Popen(command)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Release:
    """The exam pool of one release, as its unit starts it."""

    def __init__(self, name: str, env: dict[str, str], folder: Path) -> None:
        self.socket = folder / f"web-{name}.sock"
        command = [sys.executable, "-m", "gunicorn", "--bind", f"unix:{self.socket}", "wsgi:app"]
        with (folder / f"{name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        wait_until(self._ready, 120, f"release {name} ready")

    def serve(self) -> None:
        """As deploy/upgrade.sh does; one pool is enough for what is tried here."""
        for name in ("web", "desk"):
            fresh = self.socket.with_name(f"{name}.new")
            fresh.symlink_to(self.socket.name)
            fresh.replace(self.socket.with_name(f"{name}.sock"))

    def drain(self) -> float:
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(120)
        return time.monotonic() - began

    def _ready(self) -> bool:
        command = ["curl", "-sf", "--max-time", "3", "--unix-socket", str(self.socket), "http://localhost/readyz"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


class Crowd(threading.Thread):
    """Candidates who keep a connection open and send a sign of life now and then."""

    def __init__(self, port: int, attempt: int, token: str, client: str) -> None:
        super().__init__(daemon=True)
        body = json.dumps({"client": client, "changes": []})
        self._request = (
            f"POST /api/v1/attempts/{attempt}/changes HTTP/1.1\r\nHost: exam.example.org\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
        self._port, self.answers, self.stopped, self.open = port, Counter[str](), threading.Event(), 0

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(place) for place in range(CONNECTIONS)))

    async def _one(self, place: int) -> None:
        await asyncio.sleep(place / CONNECTIONS * 20)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.open += 1
        while not self.stopped.is_set():
            try:
                writer.write(self._request)
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                await reader.readexactly(length)
                self.answers[head.split(b" ")[1].decode()] += 1
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                self.answers[type(error).__name__] += 1
                return
            await asyncio.sleep(20)
        writer.close()


def upgraded_under_load() -> int:
    stores = Stores()
    folder = stores.folder / "site"
    folder.mkdir()
    env = environment(stores.direct, f"unix://{stores.redis_socket}?db=0", folder)
    site: Site | None = None
    releases: list[Release] = []
    try:
        for arguments in (("db", "upgrade"), ("bank", "import", "question_bank/content/junior")):
            flask(stores.direct, stores.redis_socket, folder, *arguments)
        asked = ["--scheme", "PTS152010301-01", "--level", "junior", "--candidates", str(CANDIDATES + 1), "--json"]
        made = json.loads(flask(stores.direct, stores.redis_socket, folder, "demo", "create", *asked))
        releases.append(Release("a", env, folder))
        releases[0].serve()
        site = Site(folder / "nginx", folder)
        people = [
            Candidate(one, [("127.0.0.1", site.port)], place, 0.05) for place, one in enumerate(made["candidates"])
        ]
        for person in people:
            person.start()
        wait_until(lambda: all(one.started.is_set() for one in people), 120, "every candidate started")
        crowd = _crowd_of(people.pop(), site.port)
        wait_until(lambda: crowd.open == CONNECTIONS, 120, "every connection open")
        failures = _refusals(people)
        for cycle in range(CYCLES):
            old, new = ("a", "b") if cycle % 2 == 0 else ("b", "a")
            releases.append(Release(new, env, folder))
            releases[-1].serve()
            time.sleep(2)
            tell(f"release {old} drained in {releases.pop(0).drain():.1f} s while {new} serves")
            time.sleep(10)
        failures = _refusals(people) - failures
        crowd.stopped.set()
        crowd.join(60)
        return _told(people, crowd, failures, stores, folder)
    finally:
        if site:
            site.close()
        for release in releases:
            release.drain()
        stores.close()


def _told(people: list[Candidate], crowd: Crowd, failures: int, stores: Stores, folder: Path) -> int:
    for person in people:
        person.over.set()
        person.join(30)
    kept = folder / "journal.jsonl"
    journal.write(kept, [one.journal for one in people])
    found = checker.check(stores.direct, SECRET, journal.read(kept), closed=False, sealed=False)
    saved, lost = found.counts["acknowledged"], found.counts["lost"]
    tell(f"upgrades {CYCLES}: acknowledged {saved}, lost {lost}, saves refused {failures}")
    tell(f"{crowd.open} other connections, answers by status: {dict(crowd.answers)}")
    for problem in found.problems:
        tell(f"PROBLEM {problem}")
    if failures:
        tell((folder / "nginx" / "error.log").read_text()[-3000:])
    return failures + len(found.problems) + sum(count for status, count in crowd.answers.items() if status != "200")


def _crowd_of(person: Candidate, port: int) -> Crowd:
    """The connections of one attempt that goes on: many are cheaper to prepare than many attempts, and as open."""
    client, token = person.identity
    person.over.set()
    person.join(30)
    crowd = Crowd(port, person.journal.attempt, token, client)
    crowd.start()
    return crowd


def _refusals(people: list[Candidate]) -> int:
    return sum(one.journal.failures for one in people)


def main() -> int:
    if NGINX is None:
        tell("left out: nginx is not installed")
        return 0
    return 1 if upgraded_under_load() else 0


if __name__ == "__main__":
    sys.exit(main())
