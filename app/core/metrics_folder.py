"""Where the serving processes of one host keep the figures they count, so that any of them can tell the sum.

Apart from metrics.py because the library chooses its way of counting when it is first imported: who serves calls
`shared_folder` before that, in gunicorn.conf.py and where the worker is started.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def shared_folder(environ: MutableMapping[str, str]) -> Path:
    """The folder named in the environment, or DATA_DIR/metrics; made ready, and named there from now on."""
    default = Path(environ.get("DATA_DIR") or "var").resolve() / "metrics"
    folder = Path(environ.setdefault(VARIABLE, str(default)))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget(process: int, environ: Mapping[str, str] = os.environ) -> None:
    """What a process held (connections, places in a queue) ended with it; what it counted stays."""
    if folder := environ.get(VARIABLE):
        for path in Path(folder).glob(f"gauge_live*_{process}.db"):
            path.unlink(missing_ok=True)


def forget_the_dead(folder: Path) -> int:
    """Removes the files of processes that no longer live, when a service starts; answers with their number."""
    stale = [path for path in folder.glob("*_*.db") if not _alive(path.stem.rpartition("_")[2])]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):  # another account's, or no file of ours
        return True
    return True
