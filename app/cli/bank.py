"""flask bank import, export, lint, stats"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.bank_words import reason, spread_figures, spread_table, stock_table
from app.cli.files import write_whole
from app.cli.output import SHELL, command
from app.core import audit
from app.core.db import db
from app.core.errors import N_, Refusal
from app.schemes.scheme import scheme as scheme_of
from app.schemes.scheme import schemes
from question_bank import interchange, statistics
from question_bank.bank_yaml import write_yaml
from question_bank.file_problems import BankInvalid
from question_bank.items import keep_items, known_codes, stored_items
from question_bank.lint import by_rule, in_groups, lint

group = AppGroup("bank", help="The question bank.")
scheme_option = click.option("--scheme", "scheme_code", help="Only this scheme.")
level_option = click.option("--level", "level_code", help="Only this level.")


@group.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", type=click.Choice(list(interchange.READERS)), help="Otherwise by the suffix.")
@click.option("--dry-run", is_flag=True, help="Check everything and count, keep nothing.")
@command
def import_(paths: Sequence[str], format_name: str | None, dry_run: bool) -> Any:
    """Take in all items of all files, or none. The same content makes no new version."""
    session = db.session()
    files = interchange.expand(paths)
    try:
        found = interchange.read_files(files, format_name)
        _refuse_unknown_enemies(found)
        kept = keep_items(session, SHELL, [one.item for one in found])
    except BankInvalid as refusal:
        _tell(refusal)
        raise
    if dry_run:
        session.rollback()
    else:
        session.commit()
    value = {"files": len(files), "items": len(found), **asdict(kept), "dry_run": dry_run}
    words = gettext(
        "%(items)s items in %(files)s files: %(new)s new, %(changed)s changed, %(unchanged)s unchanged; "
        "pairs of enemies: %(enemies_added)s added, %(enemies_removed)s removed.", **value
    )  # fmt: skip
    return value, f"{words} {gettext('Nothing was kept: this was a rehearsal.')}" if dry_run else words


@group.command("export")
@scheme_option
@level_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Otherwise to the standard output.")
@command
def export(scheme_code: str | None, level_code: str | None, output: Path | None) -> Any:
    """Write the newest version of every item, keys included, as YAML that imports again."""
    session = db.session()
    code = _level_code(scheme_code, level_code)
    items = stored_items(session, scheme_code, code)
    if not items:
        raise Refusal("bank_empty_here", N_("The bank holds no items of this scheme and level. Import items first."))
    text = write_yaml(items)
    audit.record(session, "bank:exported", SHELL, "bank", None, items=len(items), scheme=scheme_code, level=code)
    session.commit()
    if output is None:
        return {"items": len(items), "yaml": text}, text.rstrip("\n")
    write_whole(output, [text])
    value = {"items": len(items), "output": str(output)}
    return value, gettext("%(items)s items written to %(output)s. The file holds keys: keep it safe.", **value)


@group.command("lint")
@click.argument("paths", nargs=-1, metavar="[FILE...]")
@command
def lint_(paths: Sequence[str]) -> Any:
    """Look for items that give themselves away, in files or, without any, in the whole bank."""
    try:
        found = interchange.read_files(interchange.expand(paths)) if paths else in_groups(stored_items(db.session()))
    except BankInvalid as refusal:
        _tell(refusal)
        raise
    findings = lint(found)
    if not findings:
        words = gettext("%(count)s items, nothing to mend.", count=len(found))
        return {"items": len(found), "findings": [], "rules": {}}, words
    listed = [one.as_json(gettext(one.message) % one.params) for one in findings]
    details = {"items": len(found), "problems": listed, "rules": by_rule(findings)}
    message = N_("%(count)s findings in %(items)s items. Mend them, then lint again.")
    raise Refusal("bank_findings", message, details=details, count=len(findings), items=len(found))


@group.command("stats")
@scheme_option
@level_option
@command
def stats(scheme_code: str | None, level_code: str | None) -> Any:
    """What the bank holds beside what papers need, and how hard it is."""
    items = stored_items(db.session(), scheme_code, _level_code(scheme_code, level_code))
    value, words = [], []
    for code, name in sorted({(item.scheme, item.level) for item in items}):
        level = scheme_of(code).level(name)
        here = [item for item in items if (item.scheme, item.level) == (code, name)]
        cells, spreads = statistics.cell_stocks(level, here), statistics.difficulty_spreads(level, here)
        value.append(
            {"scheme": code, "level": name, "items": len(here),
             "cells": [{**asdict(cell), "times": cell.times} for cell in cells],
             "difficulty": [spread_figures(spread) for spread in spreads]}
        )  # fmt: skip
        words += [f"{code} {level.name} · {len(here)}", stock_table(cells), spread_table(spreads)]
    return value, "\n\n".join(words) or gettext("The bank is empty. Import items first: flask bank import FILE…")


def _tell(refusal: BankInvalid) -> None:
    """Every problem in the reader's language."""
    refusal.details = {"problems": [{**one.place(), "reason": reason(one)} for one in refusal.problems]}


def _level_code(scheme_code: str | None, level_code: str | None) -> str | None:
    """A level by its code or name; refused where the scheme, or every scheme, knows none such."""
    known = [scheme_of(scheme_code)] if scheme_code else list(schemes().values())
    if level_code is None:
        return None
    codes = [level.code for one in known for level in one.levels if level_code in (level.code, level.name)]
    return codes[0] if codes else known[0].level(level_code).code


def _refuse_unknown_enemies(found: Sequence[interchange.FoundItem]) -> None:
    named = {enemy for one in found for enemy in one.item.enemies}
    if problems := interchange.unknown_enemies(found, known_codes(db.session(), named)):
        raise BankInvalid(problems)
