"""flask certificate issue | verify | suspend | reinstate | revoke"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.web.reasons import listed, told
from certificates.batches.for_session import STATUSES, issue_for_session, order_for_session
from certificates.register import revocation
from certificates.register.grounds import Ground
from certificates.signing.seals import issuers
from certificates.verifying import inquiry
from certificates.verifying.house import trust_of
from certificates.verifying.verification import too_large

group = AppGroup("certificate", help="Certificates and their register.")
_reason = click.option("--reason", required=True, help="Kept with the certificate for ever.")
_ground = click.option(
    "--ground",
    type=click.Choice([ground.value for ground in Ground]),
    default=Ground.UNSTATED.value,
    show_default=True,
    help="The kind of reason, which strangers see.",
)


@group.command("issue")
@click.option("--session", "session_id", type=click.IntRange(1), required=True, help="Its theory or its practical.")
@command
def issue(session_id: int) -> Any:
    """Issue for everybody seated in a session. Repeat it freely: who has a certificate keeps it."""
    outcomes = []
    choose = issuers(current_app.extensions["settings"])
    ordered = order_for_session(db.session(), SHELL, session_id, clock.now(), choose)
    db.session.commit()
    for one in issue_for_session(db.session(), SHELL, session_id, clock.now(), choose, ordered):
        db.session.commit()
        outcomes.append(
            {
                "seat": one.seat,
                "application": one.application_id,
                "holder": one.holder,
                "status": one.status,
                "serial": one.serial,
                "reasons": listed(one.reasons),
            }
        )
    counts = {status: sum(one["status"] == status for one in outcomes) for status in STATUSES}
    return {**counts, "outcomes": outcomes}


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--serial", default="", help="The number that it should have.")
@click.option("--name", default="", help="The name that it should bear.")
@command
def verify(file: Path, serial: str, name: str) -> Any:
    """Check a PDF file. Ends with 1 unless it is unchanged, ours, and valid today."""
    _refuse_huge(file)
    trust = trust_of(current_app.extensions["settings"])
    found = inquiry.by_file(db.session(), file.read_bytes(), trust, clock.now(), inquiry.Expected(serial, name))
    answer = found.answer(told)
    if found.valid:
        return answer
    as_json = click.get_current_context().params.get("as_json")
    click.echo(json.dumps(answer, ensure_ascii=False, indent=None if as_json else 2))
    for reason in answer["reasons"]:
        click.echo(reason["message"], err=True)
    sys.exit(1)


@group.command("suspend")
@click.argument("serial")
@_reason
@_ground
@command
def suspend(serial: str, reason: str, ground: str) -> Any:
    """Take a certificate's worth away until it is reinstated."""
    changed = revocation.suspend(db.session(), SHELL, serial, reason, clock.now(), ground=Ground(ground))
    db.session.commit()
    return {"serial": changed.serial, "status": changed.status}


@group.command("reinstate")
@click.argument("serial")
@_reason
@command
def reinstate(serial: str, reason: str) -> Any:
    """End a suspension."""
    changed = revocation.reinstate(db.session(), SHELL, serial, reason, clock.now())
    db.session.commit()
    return {"serial": changed.serial, "status": changed.status}


@group.command("revoke")
@click.argument("serial")
@_reason
@_ground
@command
def revoke(serial: str, reason: str, ground: str) -> Any:
    """Revoke a certificate for good."""
    changed = revocation.revoke(db.session(), SHELL, serial, reason, clock.now(), ground=Ground(ground))
    db.session.commit()
    return {"serial": changed.serial, "status": changed.status}


def _refuse_huge(file: Path) -> None:
    if file.stat().st_size > inquiry.MOST_BYTES:
        raise too_large(inquiry.MOST_BYTES)
