"""flask bank lint"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from app.cli.bank_words import tell
from app.cli.output import command
from app.cli.tables import table
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.state_names import state_name
from question_bank import interchange
from question_bank.file_problems import BankInvalid
from question_bank.items import stored_items
from question_bank.lint import Balance, Finding, Pair, Report, by_rule, examine, in_groups, propose_enemies

FIELDS = {
    "stem": N_("the stem"),
    "options": N_("the options"),
    "rationale": N_("the rationale"),
    "feedback": N_("the feedback"),
    "criteria": N_("the criteria"),
    "stimulus": N_("the material"),
    "source": N_("the source"),
}


@click.command("lint")
@with_appcontext
@click.argument("paths", nargs=-1, metavar="[FILE...]")
@click.option("--propose-enemies", "propose", is_flag=True, help="List pairs that may not fit on one paper, as YAML.")
@command
def lint_command(paths: Sequence[str], propose: bool) -> Any:
    """Look for items that give themselves away, in files or, without any, in the whole bank.

    A folder, like the bank, counts as everything there is: cells without any item are told too.
    """
    try:
        found = interchange.read_files(interchange.expand(paths)) if paths else in_groups(stored_items(db.session()))
    except BankInvalid as refusal:
        tell(refusal)
        raise
    if propose:
        pairs = propose_enemies(found)
        return [_proposal(pair) for pair in pairs], _as_yaml(pairs)
    report = examine(found, whole=not paths or any(Path(path).is_dir() for path in paths))
    if not report.findings:
        return _value(report), _words(report)
    message = N_("%(count)s findings in %(items)s items. Mend them, then lint again.")
    details = _value(report)
    details["problems"] = details.pop("findings")
    raise Refusal("bank_findings", message, details=details, count=len(report.findings), items=report.items)


def _value(report: Report) -> dict[str, Any]:
    return {
        "items": report.items,
        "findings": [_told(one) for one in report.findings],
        "rules": by_rule(report.findings),
        "balance": [{**asdict(one), "even": one.even} for one in report.balances],
        "undrawn": [asdict(one) for one in report.undrawn],
    }


def _told(finding: Finding) -> dict[str, str]:
    params = dict(finding.params)
    if "field" in params:
        name = FIELDS[params["field"]]
        params["field"] = gettext(name)
    if "type" in params:
        params["type"] = state_name(params["type"])
    return finding.as_json(gettext(finding.message) % params)


def _words(report: Report) -> str:
    lines = [gettext("%(count)s items, nothing to mend.", count=report.items)]
    if report.balances:
        head = [gettext("File"), gettext("Type"), gettext("Items"), gettext("Keys"), gettext("Chi-square"), "df", "p"]
        lines += ["", table(head, [_row(one) for one in report.balances])]
    if report.undrawn:
        rows = "、".join(f"{one.level} {one.row} ({one.items})" for one in report.undrawn)
        lines += ["", gettext("No paper draws from these rows: %(rows)s.", rows=rows)]
    return "\n".join(lines)


def _row(one: Balance) -> list[Any]:
    figures = [f"{one.statistic:.2f}", one.df, f"{one.p:.3f}"]
    return [one.file, state_name(one.type), one.items, one.told_counts(), *figures]


def _proposal(pair: Pair) -> dict[str, Any]:
    percent = None if pair.percent is None else round(pair.percent)
    return {"item": pair.one.item.id, "enemy": pair.other.item.id, "why": pair.why.value, "percent": percent}


def _as_yaml(pairs: Sequence[Pair]) -> str:
    """A line for each item, to be copied under its other fields once somebody has looked."""
    if not pairs:
        return str(gettext("No two items are so alike that they should be kept apart."))
    lines: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        lines[pair.one.item.id].append(pair)
    return "\n".join(
        f"{code}: {{enemies: [{', '.join(pair.other.item.id for pair in of)}]}}  # {', '.join(map(_why, of))}"
        for code, of in lines.items()
    )


def _why(pair: Pair) -> str:
    if pair.percent is None:
        return str(gettext("one may answer the other"))
    return f"{pair.percent:.0f} %"
