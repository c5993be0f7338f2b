"""PostgreSQL and Valkey for one machine, under a data directory, for when no server is named in the settings.

Any process may ask at any time: the first starts a server, the others find it running. Servers go on running
until `python -m deploy.local stop` (make stop) or the end of make run.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from deploy import places, postgres, valkey


def ensure_database(data_dir: Path, *, durable: bool = True) -> str:
    """A SQLAlchemy URL of a running PostgreSQL."""
    return postgres.url_of(postgres.Cluster(places.prepare(data_dir), durable).ensure())


def ensure_redis(data_dir: Path) -> str:
    """A URL of a running Valkey."""
    return valkey.url_of(valkey.Cache(places.prepare(data_dir)).ensure())


def stop(data_dir: Path) -> list[str]:
    """Stop what runs for this data directory; answer with the names of what did."""
    if not data_dir.exists():
        return []
    prepared = places.prepare(data_dir)
    cache, cluster = valkey.Cache(prepared), postgres.Cluster(prepared)
    stopped = [name for name, server in (("Valkey", cache), ("PostgreSQL", cluster)) if server.stop()]
    with places.locked(prepared):
        if not cache.running() and cluster.running() is None:
            places.forget_sockets(prepared)
    return stopped


def remove(data_dir: Path) -> None:
    """Stop what runs and delete the database, which for root may lie outside the data directory."""
    stop(data_dir)
    if data_dir.exists():
        cluster = places.cluster_of(data_dir.resolve())
        shutil.rmtree(cluster, ignore_errors=True)
        (data_dir / "postgres").unlink(missing_ok=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["stop", folder]:
            print("stopped:", ", ".join(stop(Path(folder))) or "nothing was running")
        case ["start", folder]:
            print(f"DATABASE_URL={ensure_database(Path(folder))}")
            print(f"REDIS_URL={ensure_redis(Path(folder))}")
        case _:
            sys.exit("usage: python -m deploy.local start|stop DATA_DIR")
