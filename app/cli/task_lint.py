"""flask task lint"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from app.cli.bank_words import reason
from app.cli.output import command
from app.core.db import db
from app.core.errors import N_, Refusal
from question_bank.interchange import expand
from question_bank.lint.findings import Finding
from question_bank.tasks.files import FoundTask, read_paths
from question_bank.tasks.lint import lint
from question_bank.tasks.problems import TaskInvalid


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="[FILE...]")
@with_appcontext
@command
def lint_command(paths: Sequence[str]) -> Any:
    """Check task files (folders, packages), or without any the tasks in use: what cannot be used, what to look at."""
    problems: list[dict[str, Any]] = []
    if paths:
        read = read_paths(expand(paths))
        found: Sequence[FoundTask] = read.tasks
        problems = [{**one.place(), "reason": reason(one)} for one in read.problems]
    else:
        found = _stored()
    findings = lint(found)
    told = [*problems, *(_told(one) for one in findings)]
    if told:
        message = N_("%(count)s places to mend in %(tasks)s tasks. Mend them, then lint again.")
        tasks = len({one["item"] or one["file"] for one in told})
        raise Refusal("task_findings", message, details={"problems": told}, count=len(told), tasks=tasks)
    return {"tasks": len(found), "problems": []}, gettext("%(count)s tasks, nothing to mend.", count=len(found))


def _told(finding: Finding) -> dict[str, Any]:
    words = gettext(finding.message) % finding.params
    return {"file": finding.file, "item": finding.item, "rule": finding.rule, "reason": words}


def _stored() -> Sequence[FoundTask]:
    from question_bank.tasks.stock import tasks_in_use

    return tasks_in_use(db.session())


def tell(refusal: TaskInvalid) -> None:
    """Every problem in the reader's language."""
    refusal.details = {"problems": [{**one.place(), "reason": reason(one)} for one in refusal.problems]}
