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
        cells, spreads = statistics.cell_stocks(level, here), statistics.difficulty_spreads(level, here)
        types = statistics.type_stocks(level, here)
        value.append(
            {"scheme": code, "level": name, "items": len(here),
             "cells": [{**asdict(cell), "times": cell.times} for cell in cells],
             "types": [type_figures(one) for one in types],
             "difficulty": [spread_figures(spread) for spread in spreads]}
        )  # fmt: skip
        words += [f"{code} {level.name} · {len(here)}", stock_table(cells), type_table(types), spread_table(spreads)]
    return value, "\n\n".join(words) or gettext("The bank is empty. Import items first: flask bank import FILE…")
