"""What gunicorn itself has to say, in the form of our own log and without what it would quote: the address and the
first line of a request that it could not read, the whole address of one that failed."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Unquoted())


class Unquoted(logging.Formatter):
    """By itself, as app.core.logs would do it: the process that only starts others must load nothing of the engine,
    whose libraries have to find gevent's sockets in place."""

    def format(self, record: logging.LogRecord) -> str:
        words = str(record.msg)  # about a request: never with what is put into them
        told: dict[str, object] = {
            "event": words.partition(" from ip=")[0] if "request" in words else record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        if record.exc_info and record.exc_info[1] is not None:
            frames = traceback.extract_tb(record.exc_info[2])[-25:]
            told["error"] = {"kind": type(record.exc_info[1]).__name__}
            told["places"] = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
        return json.dumps(told)
