"""How every command speaks: JSON when asked, words otherwise, and a refusal on stderr with exit status 1."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

import click
from flask import current_app
from flask_babel import force_locale

from app.core.audit import Actor
from app.core.db import db
from app.core.errors import Refusal
from app.web.errors import render, told

Command = TypeVar("Command", bound=Callable[..., Any])
SHELL = Actor(None, os.environ.get("USER") or "shell", "cli")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def command(function: Command) -> Command:
    """Gives `--json`, turns a Refusal into one sentence on stderr and exit 1, and commits nothing by itself."""

    @json_option
    @wraps(function)
    def run(*args: Any, as_json: bool, **kwargs: Any) -> None:
        language = "en" if os.environ.get("LANG", "").startswith("en") else "zh_CN"
        with current_app.test_request_context(), force_locale(language):
            try:
                result = function(*args, **kwargs)
            except Refusal as refusal:
                db.session.rollback()
                _refuse(refusal, as_json)
            else:
                _show(result, as_json)

    return run  # type: ignore[return-value]  # click replaces the signature


def _as_json(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, default=_in_json, indent=indent)


def _in_json(value: object) -> str:
    """Times as the API writes them (RFC 3339, UTC); everything else as it prints."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _refuse(refusal: Refusal, as_json: bool) -> None:
    message = render(refusal)
    if as_json:
        error = {"code": refusal.code, "message": message, "details": told(refusal.details)}
        click.echo(_as_json({"error": error}), err=True)
    else:
        click.echo(message, err=True)
        details = told(refusal.details)
        for problem in (*details.get("problems", []), *details.get("losses", [])):
            click.echo(
                "  "
                + (
                    " · ".join(f"{k}: {v}" for k, v in problem.items() if v is not None)
                    if isinstance(problem, dict)
                    else str(problem)
                ),
                err=True,
            )
    sys.exit(1)


def _show(result: Any, as_json: bool) -> None:
    """`result` is JSON-able; a command that wants nicer words returns (value, text)."""
    value, words = result if isinstance(result, tuple) else (result, None)
    if value is None and words is None:
        return
    if as_json or words is None:
        click.echo(_as_json(value, indent=None if as_json else 2))
    else:
        click.echo(words)
