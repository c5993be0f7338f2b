"""flask key show · flask certificate archive"""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.certificates import group as certificate_group
from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.web.reasons import told
from certificates.archive import keys as key_store
from certificates.archive import renewal
from certificates.archive.outlook import Outlook, outlook
from certificates.signing.seals import issuers

group = AppGroup("key", help="The keys that sign and stamp, and the roots that vouch for them.")


@group.command("show")
@click.option("--past", is_flag=True, help="Those that were at work before, too.")
@command
def show(past: bool) -> Any:
    """Which key signs and until when, who stamps times, which roots are trusted for which time."""
    now = clock.now()
    found = key_store.keys(db.session(), current_app.extensions["settings"], now)
    warnings = [{"code": one.code, "message": told(one)} for one in key_store.warnings(found, now)]
    lines = [
        {"use": one.use, "now": one.now, "subject": one.subject, "from": one.starts_at, "until": one.ends_at,
         "days_left": (one.ends_at - now).days, "sha256": one.fingerprint}
        for one in found if one.now or past or one.last_seen is None
    ]  # fmt: skip
    return {"keys": lines, "warnings": warnings}


@certificate_group.command("archive")
@click.option("--status", "only_status", is_flag=True, help="Only tell how things stand.")
@click.option("--most", type=click.IntRange(1), default=10_000, show_default=True, help="Files to work on at most.")
@command
def archive(only_status: bool, most: int) -> Any:
    """Renew the proof of every file that is due, and give one to those signed without a time stamp."""
    renewed, failed = 0, []
    if not only_status:
        choose = issuers(current_app.extensions["settings"])
        for one in renewal.renew_due(db.session(), SHELL, choose, clock.now(), most=most, unstamped=True):
            db.session.commit()
            if one.refusal is None:
                renewed += 1
            else:
                failed.append({"serial": one.serial, "code": one.refusal.code, "message": told(one.refusal)})
    status = _status(outlook(db.session(), clock.now()))
    return status if only_status else {"renewed": renewed, "failed": failed, **status}


def _status(found: Outlook) -> dict[str, Any]:
    return {
        "stamped": found.stamped,
        "unstamped": found.unstamped,
        "due": found.due,
        "weakened": found.weakened,
        "weakest_at": found.weakest_at,
        "troubles": [
            {"serial": one.serial, "code": one.code, "about": one.about, "tries": one.tries, "since": one.since,
             "next_try": one.not_before}
            for one in found.troubles
        ],
    }  # fmt: skip
