"""flask scheme list, show"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import get_locale, gettext

from app.cli.output import command
from app.cli.tables import table
from app.schemes.scheme import BodyDecision, Level, Scheme, schemes
from app.schemes.scheme import scheme as scheme_of
from app.web.state_names import state_name

group = AppGroup("scheme", help="The published standards.")


@group.command("list")
@command
def list_() -> Any:
    """The schemes and their levels."""
    value = [
        {"code": one.code, "name": one.name, "name_en": one.name_en,
         "levels": [{"code": level.code, "name": level.name, "name_en": level.name_en} for level in one.levels]}
        for one in schemes().values()
    ]  # fmt: skip
    head = [gettext("Scheme"), gettext("Title"), gettext("Levels")]
    rows = [
        [one.code, one.name, "、".join(f"{lv.name} ({lv.code})" for lv in one.levels)] for one in schemes().values()
    ]
    return value, table(head, rows)


@group.command("show")
@click.argument("code")
@command
def show(code: str) -> Any:
    """Tables, figures and body decisions of one scheme."""
    one = scheme_of(code)
    return plain(one), _words(one)


def plain(value: Any) -> Any:
    """As JSON can hold it: figures as numbers, spans of time as seconds."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def _words(one: Scheme) -> str:
    parts = [f"{one.code} {one.name} · {one.name_en}", one.source]
    parts += [_level(level) for level in one.levels]
    parts += [_table(one, part) for part in ("theory", "practical")]
    parts += [gettext("Decisions of the certifying body"), *(_decision(decision) for decision in one.body_decisions)]
    return "\n\n".join(parts)


def _level(level: Level) -> str:
    theory, practical = level.theory, level.practical
    paper = "，".join(f"{state_name(kind)} {form.count} × {form.marks}" for kind, form in theory.paper.types.items())
    lines = [
        f"{level.name} ({level.code})",
        gettext("Theory: %(minutes)s minutes, %(full)s marks, passes with %(pass_mark)s; a proctor for every %(ratio)s",
                minutes=theory.minutes, full=theory.full_marks, pass_mark=theory.pass_mark, ratio=theory.proctor_ratio),
        gettext("Paper: %(paper)s", paper=paper),
        gettext("Practical: %(minutes)s minutes, %(full)s marks, passes with %(pass_mark)s; an examiner for every "
                "%(ratio)s, at least %(least)s", minutes=practical.minutes, full=practical.full_marks,
                pass_mark=practical.pass_mark, ratio=practical.examiner_ratio, least=practical.examiners_at_least),
        gettext("Training: at least %(hours)s hours", hours=level.training_hours),
    ]  # fmt: skip
    return "\n  ".join(lines)


def _table(one: Scheme, part: str) -> str:
    """Rows against levels, in percent, as the standard prints it."""
    head = [state_name(part), "", *(f"{level.name} %" for level in one.levels)]
    by_level = [getattr(level, part).rows for level in one.levels]
    rows = [[same[0].no, same[0].name, *(row.weight or "-" for row in same)] for same in zip(*by_level, strict=True)]
    return table(head, rows)


def _decision(decision: BodyDecision) -> str:
    english = str(get_locale()) == "en"
    said, why = (decision.decision_en, decision.reason_en) if english else (decision.decision, decision.reason)
    return f"{decision.id}\n  {said}\n  {gettext('Reason: %(reason)s', reason=why)}"
