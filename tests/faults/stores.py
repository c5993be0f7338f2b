"""The two stores of a run, in a folder of its own that may be a small disk: killed, restarted, filled up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil

from app.core.errors import Refusal
from deploy import local, places
from tests.faults.say import tell

DISK = "600m"


class Stores:
    """PostgreSQL with every safety on, and Valkey. Whatever dies is started again, as a machine's supervisor would."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="exam-faults-"))
        self.folder.chmod(0o711)
        self.small_disk = os.geteuid() == 0 and _mount(self.folder)
        self.data = places.prepare(self.folder / "data")
        self._wanted = threading.Event()
        self._ended = threading.Event()
        url = urlsplit(local.ensure_database(self.data))
        self.database_socket = Path(parse_qs(url.query)["host"][0]) / ".s.PGSQL.5432"
        self.redis_socket = Path(urlsplit(local.ensure_redis(self.data)).path)
        self._wanted.set()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True, name="stores")
        self._supervisor.start()

    @property
    def direct(self) -> str:
        """How the checker and the harness reach the database, past every line that may be cut."""
        return f"postgresql://exam@/exam?host={self.database_socket.parent}&port=5432"

    def postmaster(self) -> int:
        return int((places.cluster_of(self.data) / "postmaster.pid").read_text().split()[0])

    def kill_postmaster(self) -> None:
        os.kill(self.postmaster(), signal.SIGKILL)

    def kill_backend(self) -> None:
        """One that serves somebody: the others must start over, too."""
        for child in psutil.Process(self.postmaster()).children():
            if "exam 127" in " ".join(child.cmdline()) or "exam [local]" in " ".join(child.cmdline()):
                os.kill(child.pid, signal.SIGKILL)
                return

    def restart_postgres(self) -> None:
        os.kill(self.postmaster(), signal.SIGINT)  # the supervisor brings it back

    def kill_redis(self) -> None:
        pid = int(self.redis_socket.with_name("valkey.pid").read_text())
        os.kill(pid, signal.SIGKILL)

    def restart_redis(self) -> None:
        os.kill(int(self.redis_socket.with_name("valkey.pid").read_text()), signal.SIGTERM)

    def fill_disk(self) -> None:
        """Until there is not one block left."""
        with suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(64 * 1024))

    def free_disk(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        self._ended.set()
        self._supervisor.join(30)
        local.stop(self.data)
        local.remove(self.data)
        if self.small_disk:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _supervise(self) -> None:
        while not self._ended.wait(0.5):
            try:
                local.ensure_database(self.data)
                local.ensure_redis(self.data)
            except (Refusal, OSError) as error:  # no room on the disk, perhaps; it is tried again
                tell(f"  store not started yet: {error}"[:200])


def _mount(folder: Path) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=711", "exam-faults", str(folder)],
        check=False, capture_output=True,
    )  # fmt: skip
    return done.returncode == 0
