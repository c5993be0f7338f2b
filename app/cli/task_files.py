"""flask task import, export"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from app.cli.bank_words import level_code, level_option, scheme_option
from app.cli.files import write_bytes
from app.cli.output import SHELL, command
from app.cli.task_lint import tell
from app.core import audit, clock
from app.core.db import db
from app.core.errors import N_, Refusal
from question_bank.interchange import expand
from question_bank.tasks.body import KINDS
from question_bank.tasks.files import pack, read_paths
from question_bank.tasks.keeping import take_in
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.stock import tasks_in_use


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Check everything and count, keep nothing.")
@click.option("--as-drafts", is_flag=True, help="Into the workshop, for another person to approve.")
@with_appcontext
@command
def import_command(paths: Sequence[str], dry_run: bool, as_drafts: bool) -> Any:
    """Take in all tasks of all files, folders and packages, or none. They are in use at once."""
    session, found = db.session(), read_paths(expand(paths))
    try:
        kept = take_in(session, SHELL, found, clock.now(), as_drafts=as_drafts)
    except TaskInvalid as refusal:
        tell(refusal)
        raise
    if dry_run:
        session.rollback()
    else:
        session.commit()
    value = {"tasks": len(found.tasks), **asdict(kept), "dry_run": dry_run}
    words = gettext("%(tasks)s tasks: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.", **value)
    return value, f"{words} {gettext('Nothing was kept: this was a rehearsal.')}" if dry_run else words


@click.command("export")
@scheme_option
@level_option
@click.option("--kind", type=click.Choice(KINDS), help="Only tasks of this kind.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .zip to write.")
@with_appcontext
@command
def export_command(scheme_code: str | None, level_name: str | None, kind: str | None, output: Path) -> Any:
    """Write the tasks in use with their recordings, so that they import again."""
    session = db.session()
    code = level_code(scheme_code, level_name)
    found = tasks_in_use(session, scheme_code, code, kind)
    if not found:
        message = N_("The bank holds no tasks of this scheme, level and kind. Import tasks first.")
        raise Refusal("no_tasks_here", message)
    if output.suffix.lower() != ".zip":
        message = N_("What would be written is a package, with all recordings; name a .zip file with --output.")
        raise Refusal("output_needed", message)
    audit.record(session, "task:exported", SHELL, "task", None, tasks=len(found), scheme=scheme_code, level=code,
                 kind=kind)  # fmt: skip
    session.commit()
    write_bytes(output, pack(found))
    value = {"tasks": len(found), "output": str(output)}
    return value, gettext("%(tasks)s tasks written to %(output)s. The file holds keys: keep it safe.", **value)
