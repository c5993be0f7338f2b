"""How the engine is served; gunicorn reads this by itself: `gunicorn wsgi:app`.

Why gevent, one process for each core and one writer in each: docs/decisions/0006-server-model-and-write-path.md.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from app.core import metrics_folder

worker_class = os.environ.get("WORKER_CLASS") or "deploy.draining.DrainingWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
threads = 8  # of a gthread worker; gevent has none
worker_connections = 10_000
backlog = 4096
keepalive = 75  # longer than a proxy keeps a connection it may still use
timeout = 120
graceful_timeout = 30
loglevel = "warning"
logger_class = "deploy.server_log.ServerLog"

metrics_folder.forget_the_dead(metrics_folder.shared_folder(os.environ))


def post_worker_init(worker: Any) -> None:
    """What runs apart (app/core/heavy.py) hands the interpreter back quickly: every save in between waits for it."""
    sys.setswitchinterval(0.0005)


def worker_exit(server: Any, worker: Any) -> None:
    """In the process that ends, after its last answer: what it heard of the exams is not lost with it."""
    from app.web import signs

    if worker.wsgi is not None:
        signs.end(worker.wsgi)


def child_exit(server: Any, worker: Any) -> None:
    metrics_folder.forget(worker.pid)
