"""flask demo create"""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.demonstration.stage import Stage, Wanted
from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.schemes.scheme import scheme as scheme_of

group = AppGroup("demo", help="Demonstrations, to try things on.")


@group.command("create")
@click.option("--scheme", "code", required=True)
@click.option("--level", required=True)
@click.option("--candidates", type=click.IntRange(1, 20_000), required=True)
@click.option("--proctors", type=click.IntRange(0, 2_000), help="Left out: as many as the scheme's ratio asks for.")
@click.option("--examiners", type=click.IntRange(0, 2_000), help="Left out: as many as the scheme's ratio asks for.")
@click.option("--minutes", type=click.IntRange(1, 24 * 60), help="Instead of the scheme's, for the theory exam.")
@click.option("--stations", is_flag=True, help="Give the practical stations, a timetable and a head of the panel.")
@command
def create(
    code: str, level: str, candidates: int, proctors: int | None, examiners: int | None, minutes: int | None,
    stations: bool,
) -> Any:  # fmt: skip
    """Open a theory and a practical session with people, and print their log-ins."""
    wanted = Wanted(scheme_of(code).level(level), candidates, proctors, examiners, minutes, stations)
    vault = current_app.extensions["identity_vault"]
    made = Stage(db.session(), SHELL, wanted, clock.now(), vault).set_up()
    db.session.commit()
    return made
