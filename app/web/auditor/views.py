"""The log of decisions, to read and to check."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import audit
from app.core.db import db
from app.web.access import requires
from app.web.audit_words import kinds

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 100


@bp.get("/")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    """The newest lines first; `before` goes back in time, `tag` narrows."""
    tag, before = request.args.get("tag", "").strip(), request.args.get("before", type=int)
    lines = audit.newest(db.session(), tag=tag, before=before, limit=PAGE + 1)
    older = lines[PAGE - 1].id if len(lines) > PAGE else None
    return render_template("auditor/log.html", lines=lines[:PAGE], older=older, tag=tag, kinds=kinds())


@bp.get("/chain")
@requires(Permission.READ_AUDIT)
def chain() -> ResponseReturnValue:
    """Recompute the chain over every sealed line."""
    known = request.args.get("head", "").strip() or None
    report = audit.verify(db.session(), known_head=known)
    return render_template("auditor/chain.html", report=report, known=known or "")
