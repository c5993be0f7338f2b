"""What the worker does for the proof in certificates' files: renews it in good time, and notes the keys at work."""

from __future__ import annotations

from time import monotonic

import structlog
from flask import current_app

from app.core import clock, logs
from app.core.audit import SYSTEM
from app.core.db import db
from app.core.errors import Refusal
from certificates.archive import keys, renewal, troubles
from certificates.signing.seals import issuers

log = structlog.get_logger()
EVERY = 600.0
KEYS_EVERY = 3600.0
_again = {"renew": 0.0, "keys": 0.0}


def renew_proofs() -> int:
    """Batch by batch, until nothing is due or something stands in the way of all; looked for now and then."""
    if not _is_time("renew", EVERY) or troubles.stands_in_the_way(db.session(), clock.now()):
        return 0
    renewed = 0
    choose = issuers(current_app.extensions["settings"])
    for outcome in renewal.renew_due(db.session(), SYSTEM, choose, clock.now()):
        db.session.commit()
        if outcome.refusal is None:
            renewed += 1
        else:
            log.error("proof_not_renewed", serial=outcome.serial, reason=logs.said(outcome.refusal))
    if renewed == renewal.BATCH:  # there may be more
        _again["renew"] = 0.0
    return renewed


def note_keys() -> int:
    """Now and then; an authority that does not answer is no news here, for issuing tells."""
    if not _is_time("keys", KEYS_EVERY):
        return 0
    try:
        seen = keys.observe(db.session(), current_app.extensions["settings"], clock.now())
    except Refusal as refusal:
        db.session.rollback()
        log.warning("keys_not_noted", reason=logs.said(refusal))
        return 0
    db.session.commit()
    return seen


def _is_time(what: str, every: float) -> bool:
    if monotonic() < _again[what]:
        return False
    _again[what] = monotonic() + every
    return True
