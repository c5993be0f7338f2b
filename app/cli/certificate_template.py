"""flask certificate template | template-draft: how certificates look, as a JSON file"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from app.cli.certificates import group
from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.account import User
from app.schemes.scheme import scheme as scheme_of
from certificates.templates import versions

_MOST_BYTES = 100_000


@group.command("template")
@click.option("--scheme", required=True, help="The code of the standard.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@command
def export(scheme: str, output: Path | None) -> Any:
    """The template in force, or the built-in one."""
    body = versions.body_in_force(db.session(), scheme_of(scheme).code).model_dump(mode="json")
    if output is not None:
        output.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return body


@group.command("template-draft")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scheme", required=True, help="The code of the standard.")
@click.option("--author", required=True, help="The user whose draft it is; another one approves it.")
@command
def draft(file: Path, scheme: str, author: str) -> Any:
    """Take a template from a file as a draft. Nothing is in force before it is submitted and approved."""
    user = db.session().scalar(select(User).where(User.username == author))
    if user is None:
        raise Refusal("user_unknown", N_("There is no user %(name)s."), name=author)
    one = versions.start(db.session(), SHELL, scheme, clock.now(), typed=_read(file), author=user.id)
    db.session.commit()
    return {"id": one.id, "scheme": one.scheme, "number": one.number, "state": one.state}


def _read(file: Path) -> Any:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        message = N_("%(file)s is no JSON file of a template: %(problem)s.")
        raise Refusal("template_unreadable", message, file=str(file), problem=str(problem)) from problem
