"""flask paper draw"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.files import write_whole
from app.cli.output import command
from app.core.db import db
from app.schemes.scheme import scheme
from question_bank.blueprint import make_blueprint
from question_bank.drawing import Drawer, DrawnPaper, paper_seed, totals
from question_bank.pool import load_pool

group = AppGroup("paper", help="Papers.")


@group.command("draw")
@click.option("--scheme", "scheme_code", required=True)
@click.option("--level", "level_code", required=True)
@click.option("--count", type=click.IntRange(1, 100_000), default=1, show_default=True)
@click.option("--seed", required=True, help="The same seed and bank draw the same papers again.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Otherwise to the standard output.")
@command
def draw(scheme_code: str, level_code: str, count: int, seed: str, output: Path | None) -> Any:
    """Rehearse a draw: one JSON object per line. Nothing is kept, and no key is shown."""
    level = scheme(scheme_code).level(level_code)
    drawer = Drawer(make_blueprint(level), load_pool(db.session(), level.scheme, level.code))
    lines = _lines(drawer, seed, count)
    if output is None:
        for line in lines:
            click.echo(line, nl=False)
        return None
    write_whole(output, lines)
    value = {"papers": count, "seed": seed, "snapshot": drawer.snapshot, "output": str(output)}
    return value, gettext("%(papers)s papers written to %(output)s.", **value)


def _lines(drawer: Drawer, seed: str, count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        paper = drawer.draw(paper_seed(seed, number - 1))
        yield json.dumps({"paper": number, **described(paper)}, ensure_ascii=False) + "\n"


def described(paper: DrawnPaper) -> dict[str, Any]:
    items = [
        {"id": one.item.id, "version": one.item.version, "row": one.item.row, "content": one.item.content,
         "type": one.item.type, "marks": one.marks, "difficulty": float(one.item.difficulty)}
        for one in paper.items
    ]  # fmt: skip
    return {"seed": paper.seed, "snapshot": paper.snapshot, "items": items, "totals": totals(paper)}
