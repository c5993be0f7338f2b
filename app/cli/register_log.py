"""flask register-log status | verify"""

from __future__ import annotations

import re
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.output import command
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from certificates.log import audit as log_audit
from certificates.log import sequencing as public_log
from certificates.log.key import log_key

group = AppGroup("register-log", help="The public log of the register.")
_KEPT = re.compile(r"([0-9]{1,15}):([0-9a-fA-F]{64})")


@group.command("status")
@command
def status() -> Any:
    """Bring the log up to date and show its newest signed head."""
    _up_to_date()
    head = public_log.newest_head(db.session())
    return {"head": head.as_dict() if head else None, "waiting": public_log.waiting(db.session())}


@group.command("verify")
@click.option("--head", help="A head kept outside, as SIZE:ROOT, to check that the log still begins with it.")
@click.option("--documents", is_flag=True, help="Hash every stored PDF again as well.")
@command
def verify(head: str | None, documents: bool) -> Any:
    """Recompute everything from the entries and from the register's own events. Ends with 1 if anything differs."""
    kept = _kept(head) if head else None
    stands_still = _stands_still()
    report = log_audit.verify(db.session(), clock.now(), kept=kept, documents=documents)
    report.problems += stands_still
    value = {
        "intact": report.intact,
        "entries": report.entries,
        "heads": report.heads,
        "waiting": report.waiting,
        "root": report.root,
        "problems": report.problems,
    }
    if not report.intact:
        raise Refusal(
            "register_log_broken",
            N_("The public log and the register do not agree: %(count)s findings. Keep the store as it is."),
            details=value,
            count=len(report.problems),
        )
    return value


def _up_to_date() -> None:
    if key := log_key(current_app.extensions["settings"]):
        public_log.sequence(db.session(), key, clock.now())
        db.session.commit()


def _stands_still() -> list[str]:
    """Why the sequencer refuses to go on, if it does; what is wrong in particular the report says."""
    try:
        _up_to_date()
    except Refusal as refusal:
        if refusal.code != "log_broken":
            raise
        db.session.rollback()
        return [str(refusal)]
    return []


def _kept(head: str) -> tuple[int, bytes]:
    if not (found := _KEPT.fullmatch(head)):
        raise Refusal(
            "kept_head_wrong",
            N_("%(head)s is no head: give the number of entries and the root, as 1234:9f86…, 64 characters."),
            head=head[:80],
        )
    return int(found[1]), bytes.fromhex(found[2])
