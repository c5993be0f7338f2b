"""flask integrity show | config | key"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.output import command
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web import lockdown
from proctoring import terms
from proctoring.lockdown import Mode
from proctoring.seb_file import MOST_BYTES, key_of_file

group = AppGroup("integrity", help="What a session records, and its Safe Exam Browser.")
_session_id = click.argument("session_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))


@group.command("show")
@_session_id
@command
def show(session_id: int) -> Any:
    """What is recorded, the lockdown browser with its keys and addresses, and pictures."""
    terms.theory_session(db.session(), session_id)
    found = terms.terms_of(db.session(), session_id)
    offered = found.lockdown != Mode.OFF
    return {
        "session": session_id,
        "signals": list(found.signals),
        "full_screen": found.full_screen,
        "lockdown": found.lockdown,
        "quit_password": bool(found.quit_hash),
        "config_key": found.config_key,
        "extra_keys": list(found.extra_keys),
        "config_url": lockdown.file_address(session_id) if offered else None,
        "config_link": lockdown.file_address(session_id, "seb") if offered else None,
        "pictures": list(found.pictures),
        "capture_seconds": found.capture_seconds,
        "keep_days": found.keep_days,
        "purpose": found.purpose,
    }


@group.command("config")
@_session_id
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; else only the key.")
@command
def config(session_id: int, output: Path | None) -> Any:
    """The configuration file of a session for Safe Exam Browser."""
    terms.theory_session(db.session(), session_id)
    content = terms.config_file(db.session(), session_id)
    if output is not None:
        output.write_bytes(content)
    return {"config_key": key_of_file(content), "bytes": len(content), "output": str(output) if output else None}


@group.command("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@command
def key(file: Path) -> Any:
    """The Config Key of any configuration file that is not encrypted."""
    if file.stat().st_size > MOST_BYTES:
        raise Refusal("config_too_large", N_("This file is too large to be a configuration of Safe Exam Browser."))
    return {"config_key": key_of_file(file.read_bytes())}
