"""flask paper draw | check | proof"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.files import write_whole
from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.delivery.bank_check import as_value, check_bank
from app.delivery.proof import proof_of
from app.schemes.scheme import scheme
from app.web.errors import render
from question_bank.blueprint import make_blueprint
from question_bank.drawing import Drawer, DrawnPaper, paper_seed, totals
from question_bank.pool import load_pool

group = AppGroup("paper", help="Papers.")
_scheme = click.option("--scheme", "scheme_code", required=True)
_level = click.option("--level", "level_code", required=True)


@group.command("draw")
@_scheme
@_level
@click.option("--count", type=click.IntRange(1, 100_000), default=1, show_default=True)
@click.option("--seed", required=True, help="The same seed, count and bank draw the same papers again.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Otherwise to the standard output.")
@command
def draw(scheme_code: str, level_code: str, count: int, seed: str, output: Path | None) -> Any:
    """Rehearse a session's draw: one JSON object per line. Nothing is kept, and no key is shown."""
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


@group.command("check")
@_scheme
@_level
@click.option("--candidates", type=click.IntRange(1, 10_000), default=30, show_default=True)
@command
def check(scheme_code: str, level_code: str, candidates: int) -> Any:
    """Can the bank give so many fair papers? If not: what is lacking, the cheapest repair, and exit status 1."""
    level = scheme(scheme_code).level(level_code)
    found = check_bank(db.session(), level.scheme, level.code, candidates)
    sentences = [render(Refusal("", message, **params)) for message, params in found.sentences()]
    value = {**as_value(found), "sentences": sentences}
    if found.possible:
        return value, "\n".join(sentences)
    context = click.get_current_context()
    click.echo(json.dumps(value, ensure_ascii=False) if context.params["as_json"] else "\n".join(sentences))
    return context.exit(1)


@group.command("proof")
@click.argument("session_id", metavar="SESSION", type=click.IntRange(1, 2**63 - 1))
@click.option("--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option(
    "--with-keys", is_flag=True, help="So that the order of options can be checked too. Keep such files safe."
)
@command
def proof(session_id: int, output: Path, with_keys: bool) -> Any:
    """The proof of a closed session's draw, for tools/check_draw.py. Without texts; without keys unless asked for."""
    found = proof_of(db.session(), SHELL, session_id, clock.now(), with_keys=with_keys)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = N_("%(file)s cannot be written (%(reason)s). Name a file in a folder that exists and is yours.")
        raise Refusal("file_unwritable", message, file=str(output), reason=error.strerror or str(error)) from error
    for name, text in found.texts().items():
        write_whole(output / name, [text])
    db.session.commit()
    value = {"session": session_id, "output": str(output), "files": list(found.files)}
    return value, gettext("The proof is in %(output)s. Check it with: python3 tools/check_draw.py %(output)s", **value)


def _lines(drawer: Drawer, seed: str, count: int) -> Iterator[str]:
    dealer = drawer.session(count)
    for number in range(1, count + 1):
        paper = dealer.draw(paper_seed(seed, number))
        yield json.dumps({"paper": number, **described(paper)}, ensure_ascii=False) + "\n"


def described(paper: DrawnPaper) -> dict[str, Any]:
    """`expected` is the expected score in marks."""
    items = [
        {"id": one.item.id, "version": one.item.version, "row": one.item.row, "content": one.item.content,
         "type": one.item.type, "marks": one.marks, "difficulty": float(one.item.difficulty),
         "seconds": one.item.seconds, "stimulus": one.item.stimulus}
        for one in paper.items
    ]  # fmt: skip
    return {
        "seed": paper.seed, "snapshot": paper.snapshot, "items": items, "totals": totals(paper),
        "expected": paper.expected / 1000, "seconds": paper.seconds,
    }  # fmt: skip
