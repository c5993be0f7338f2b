"""flask task import, export, lint, stats"""

from __future__ import annotations

from typing import Any

from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.bank_words import level_code, level_option, scheme_option
from app.cli.output import command
from app.cli.tables import table
from app.cli.task_files import export_command, import_command
from app.cli.task_lint import lint_command
from app.core.db import db
from app.schemes.scheme import schemes
from app.web.state_names import state_name
from question_bank.tasks.stock import stock

group = AppGroup("task", help="The task bank of the practical.")
for one in (import_command, export_command, lint_command):
    group.add_command(one)


@group.command("stats")
@scheme_option
@level_option
@command
def stats(scheme_code: str | None, level_name: str | None) -> Any:
    """What is in use for each task that the schemes name, and how often it was drawn."""
    wanted = level_code(scheme_code, level_name)
    value = [
        found
        for scheme in schemes().values()
        for level in scheme.levels
        if scheme_code in (None, scheme.code) and wanted in (None, level.code)
        for found in _slots(scheme.code, level.code)
    ]
    head = [gettext("Level"), gettext("Task"), gettext("Kind"), gettext("In use"), gettext("Trades"), gettext("Drawn")]
    rows = [
        [one["level"], one["slot"], state_name(f"task_{one['kind']}"), one["tasks"], one["trades"], one["drawn"]]
        for one in value
    ]
    return value, table(head, rows)


def _slots(scheme: str, level: str) -> list[dict[str, Any]]:
    held = stock(db.session(), scheme, level)
    found = []
    for slot in schemes()[scheme].level(level).practical.tasks:
        here = [one for one in held if one.kind == slot.kind]
        found.append(
            {"scheme": scheme, "level": level, "slot": slot.id, "kind": slot.kind, "tasks": len(here),
             "trades": len({one.trade for one in here}), "drawn": sum(one.drawn for one in here)}
        )  # fmt: skip
    return found
