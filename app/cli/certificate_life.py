"""flask certificate replace | renew | correct-name | ending | decisions | letter"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app

from app.cli.certificates import group
from app.cli.output import SHELL, command
from app.core import clock
from app.core.db import db
from app.models.certificate import Certificate
from app.registration.facts import day_of
from certificates.register import entries as register
from certificates.register import letters, naming, pending
from certificates.register.grounds import Succession
from certificates.register.renewal import SOON_MONTHS
from certificates.register.replacing import awaiting_replacement
from certificates.register.standing import ending as find_ending
from certificates.register.standing import standing_of
from certificates.signing.seals import issuers
from certificates.signing.unavailable import Unavailable

_reason = click.option("--reason", required=True, help="Kept for ever; the holder reads it in the letter.")


@group.command("replace")
@click.argument("serial")
@_reason
@command
def replace(serial: str, reason: str) -> Any:
    """Issue one with the name on file in its place, after a correction."""
    return _followed(serial, Succession.NAME_CORRECTED, reason)


@group.command("renew")
@click.argument("serial")
@_reason
@click.option("--training-hours", type=click.IntRange(0, 10_000), default=0, show_default=True)
@command
def renew(serial: str, reason: str, training_hours: int) -> Any:
    """Issue one with a new term in its place, if the scheme renews certificates."""
    return _followed(serial, Succession.RENEWED, reason, training_hours)


@group.command("correct-name")
@click.argument("serial")
@click.option("--name", required=True)
@click.option("--document", required=True, help="What proves the name, with its number or date.")
@_reason
@command
def correct_name(serial: str, name: str, document: str, reason: str) -> Any:
    """Put the holder's name right. Certificates with the old name stay until each is replaced."""
    one = register.entry(db.session(), serial)
    made = naming.correct_name(
        db.session(), SHELL, one.application_id, name, reason, document, clock.now(), understood=name
    )
    due = [other.serial for other in awaiting_replacement(db.session(), made.candidate_id)]
    db.session.commit()
    return {"before": made.before, "name": made.after, "to_replace": due}


@group.command("ending")
@click.option("--months", type=click.IntRange(1, 120), default=SOON_MONTHS, show_default=True)
@command
def ending(months: int) -> Any:
    """Valid certificates whose term ends within so many months: whom to remind."""
    found = find_ending(db.session(), day_of(clock.now()), months, size=100_000)
    return {"total": found.total, "certificates": [_ending(one) for one in found.entries]}


@group.command("decisions")
@click.argument("serial")
@command
def decisions(serial: str) -> Any:
    """Every decision about a certificate; the number of each names its letter."""
    found = standing_of(db.session(), register.entry(db.session(), serial), day_of(clock.now()))
    return {
        "serial": found.certificate.serial,
        "worth": found.worth,
        "replaces": found.replaces.serial if found.replaces else None,
        "replaced_by": found.replaced_by.serial if found.replaced_by else None,
        "decisions": [
            {"id": one.event.id, "at": one.event.at.isoformat(), "status": one.event.status,
             "ground": one.event.ground, "reason": one.event.reason, "decider": one.by}
            for one in found.events
        ],
    }  # fmt: skip


@group.command("letter")
@click.argument("serial")
@click.argument("decision", type=click.IntRange(1))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command
def letter(serial: str, decision: int, file: Path) -> Any:
    """Write the letter about a decision to a PDF file."""
    settings = current_app.extensions["settings"]
    house = letters.House(settings.issuer, settings.public_url, issuers(settings))
    found = letters.drawn(db.session(), register.entry(db.session(), serial), decision, house, clock.now())
    file.write_bytes(found.pdf or b"")
    db.session.commit()
    return {"letter": found.number, "sha256": found.sha256, "file": str(file)}


def work_on_successions() -> int:
    """Replacements and renewals that could not be signed when they were decided."""
    choose, done = issuers(current_app.extensions["settings"]), 0
    while pending.work(db.session(), clock.now(), choose):
        db.session.commit()
        done += 1
    return done


def _followed(serial: str, why: Succession, reason: str, hours: int = 0) -> Any:
    choose = issuers(current_app.extensions["settings"])
    try:
        made = pending.succeed(db.session(), SHELL, serial, why, reason, clock.now(), choose, training_hours=hours)
    except Unavailable:
        db.session.commit()  # the decision is kept, and waits
        raise
    db.session.commit()
    return {"serial": made.serial, "status": made.status, "holder": made.holder, "replaces": _before(made)}


def _before(made: Certificate) -> str | None:
    before = db.session.get(Certificate, made.replaces_id) if made.replaces_id else None
    return before.serial if before else None


def _ending(one: Certificate) -> dict[str, Any]:
    ends = one.expires_on.isoformat() if one.expires_on else None
    return {"serial": one.serial, "holder": one.holder, "scheme": one.scheme, "level": one.level, "expires_on": ends}
