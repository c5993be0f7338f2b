"""The log: one JSON object a line on standard error, for an operator who may know everything but the people.

No line holds a name, a username, an identity number, an answer, or what somebody typed. What went wrong is told by
its kind and place in the code; the words of an exception are kept only where they cannot quote a person's input.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, cast

import psycopg
import redis
import structlog
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, WrappedLogger

ROOT = Path(__file__).resolve().parents[2]
_SPEAKS_OF_CODE = (TypeError, AttributeError, NameError, ImportError, AssertionError, NotImplementedError)
_SPEAKS_OF_MACHINES = (psycopg.OperationalError, psycopg.InterfaceError, redis.RedisError, OSError)
LEVELS = ("debug", "info", "warning", "error")


def configure(level: str = "info") -> None:
    """For the whole process, libraries included; those speak from warnings upward."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
        _told_plainly,
    ]
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, json],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=_CurrentStderr,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared[:-1]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _told_plainly, json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler, *(one for one in root.handlers if not _is_ours(one))]
    root.setLevel(max(_number(level), logging.WARNING))


def said(error: BaseException) -> dict[str, str]:
    """An error in words fit for the log: its kind, the database's code for it, and its words if they are harmless."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    told = {"kind": type(cause).__name__}
    if isinstance(cause, psycopg.Error):
        told |= {"sqlstate": cause.sqlstate} if cause.sqlstate else {}
        told |= {"constraint": cause.diag.constraint_name} if cause.diag.constraint_name else {}
    if isinstance(cause, _SPEAKS_OF_CODE + _SPEAKS_OF_MACHINES) and not isinstance(cause, UnicodeError):
        told["words"] = str(cause).partition("\n")[0][:300]
    return told


def _told_plainly(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception becomes its kinds and the places it passed; a raw message would quote what people typed."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = said(error)
        event["places"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    shown = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-25:]]
    if error.__cause__ is not None:
        shown += [f"from {said(error.__cause__)['kind']}", *_places(error.__cause__)[-5:]]
    return shown


def _short(path: str) -> str:
    name = path.removeprefix(f"{ROOT}/")
    return name.partition("site-packages/")[2] or name


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


class _Stderr:
    """Standard error as it is when a line is written: tests and servers put another one in its place."""

    def write(self, text: str) -> None:
        sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _CurrentStderr(*_arguments: Any) -> structlog.PrintLogger:  # noqa: N802  # stands for a class
    return structlog.PrintLogger(cast(Any, _Stderr()))


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(getattr(handler, "stream", None), _Stderr)
