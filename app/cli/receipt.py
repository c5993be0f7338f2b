"""flask receipt check"""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from app.cli.output import command
from app.core.db import db
from app.core.errors import N_, Refusal
from app.delivery import receipt_check

group = AppGroup("receipt", help="Receipts that candidates kept.")


@group.command("check")
@click.argument("attempt_id", metavar="ATTEMPT", type=click.IntRange(1, 2**63 - 1))
@click.argument("receipt", metavar="RECEIPT")
@command
def check(attempt_id: int, receipt: str) -> Any:
    """Say which changes of the attempt a receipt covers; exit 1 if it is none of it or the record was altered."""
    found = receipt_check.check(db.session(), attempt_id, receipt)
    if found.link is None:
        message = N_("This is no receipt of attempt %(attempt)s. Compare attempt number and receipt with the original.")
        raise Refusal("receipt_unknown", message, attempt=attempt_id)
    if not found.intact:
        message = N_("What is stored of attempt %(attempt)s no longer yields its last receipt: the record was altered.")
        raise Refusal("record_altered", message, attempt=attempt_id)
    return {
        "attempt": attempt_id, "changes": found.link.changes, "last_seq": found.link.last_seq,
        "stored_at": found.link.at, "closing": found.link.closing, "latest": found.latest, "stored": found.changes,
    }  # fmt: skip
