"""How long the register's files will hold: renewals of their time stamps, and the keys and roots behind them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.web.access import requires
from app.web.errors import render
from app.web.reasons import told
from app.web.registrar.register import bp
from certificates.archive import keys, troubles
from certificates.archive.outlook import Outlook, outlook


@dataclass(frozen=True)
class Standing:
    """What the register's pages show of it; `refused`: keys or roots that cannot even be read."""

    outlook: Outlook
    keys: list[keys.Key]
    notices: list[str]
    refused: str = ""

    @property
    def quiet(self) -> bool:
        return self.outlook.quiet and not self.notices and not self.refused


def standing() -> Standing:
    now, settings = clock.now(), current_app.extensions["settings"]
    found, refused = [], ""
    try:
        found = keys.keys(db.session(), settings, now)
    except Refusal as refusal:
        refused = render(refusal)
    notices = [told(one) for one in keys.warnings(found, now)]
    return Standing(outlook(db.session(), now), found, notices, refused)


@bp.get("/proofs")
@requires(Permission.READ_REGISTER)
def proofs() -> ResponseReturnValue:
    return render_template("registrar/proofs.html", standing=standing(), all=troubles.ALL, now=clock.now())


@bp.context_processor
def proof_standing() -> dict[str, object]:
    """The register's own pages say where something is to be done."""
    return {"proof_standing": standing}
