"""flask bank import, export, template, lint, stats"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.bank_files import export_command, import_command, template_command
from app.cli.bank_lint import lint_command
from app.cli.bank_words import (
    level_code,
    level_option,
    scheme_option,
    spread_figures,
    spread_table,
    stock_table,
    type_figures,
    type_table,
)
from app.cli.output import command
from app.core.db import db
from app.schemes.scheme import scheme as scheme_of
from question_bank import statistics
from question_bank.bank_item import EXAM
from question_bank.items import stored_items

group = AppGroup("bank", help="The question bank.")
for one in (import_command, export_command, template_command, lint_command):
    group.add_command(one)


@group.command("stats")
@scheme_option
@level_option
@command
def stats(scheme_code: str | None, level_name: str | None) -> Any:
    """What the bank holds beside what papers need, and how hard it is."""
    items = stored_items(db.session(), scheme_code, level_code(scheme_code, level_name))
    value, words = [], []
    for code, name in sorted({(item.scheme, item.level) for item in items}):
        level = scheme_of(code).level(name)
        here = [item for item in items if (item.scheme, item.level) == (code, name)]
        drawn = [item for item in here if item.use == EXAM]
        cells, spreads = statistics.cell_stocks(level, drawn), statistics.difficulty_spreads(level, drawn)
        types, practice = statistics.type_stocks(level, drawn), len(here) - len(drawn)
        value.append(
            {"scheme": code, "level": name, "items": len(here), "practice": practice,
             "cells": [{**asdict(cell), "times": cell.times} for cell in cells],
             "types": [type_figures(one) for one in types],
             "difficulty": [spread_figures(spread) for spread in spreads]}
        )  # fmt: skip
        told = " · " + gettext("%(count)s of them for practice", count=practice) if practice else ""
        words.append(f"{code} {level.name} · {len(here)}{told}")
        words += [stock_table(cells), type_table(types), spread_table(spreads)]
    return value, "\n\n".join(words) or gettext("The bank is empty. Import items first: flask bank import FILE…")
