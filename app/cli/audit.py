"""flask audit verify"""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.output import command
from app.core import audit
from app.core.db import db
from app.core.errors import N_, Refusal

group = AppGroup("audit", help="The log of decisions.")


@group.command("verify")
@click.option("--head", help="A head kept outside, to check that it stands in the chain.")
@command
def verify(head: str | None) -> Any:
    """Seal what is waiting, then recompute the whole chain."""
    while audit.seal(db.session()):
        db.session.commit()
    report = audit.verify(db.session(), known_head=head)
    value = {"intact": report.intact, "lines": report.lines, "head": report.head, "problems": list(report.problems)}
    if not report.intact:
        print(*report.problems, sep="\n", file=sys.stderr)
        raise Refusal(
            "audit_broken",
            N_("The log of decisions was changed after the fact: %(count)s findings. Keep the store as it is."),
            details=value,
            count=len(report.problems),
        )
    return value
