"""The standards as the engine reads them, with the decisions of the body marked as such."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.schemes.scheme import scheme, schemes
from app.web.access import requires

bp = Blueprint("schemes", __name__, url_prefix="/schemes")


@bp.get("/")
@requires(Permission.READ_SCHEMES)
def index() -> ResponseReturnValue:
    return render_template("registrar/schemes.html", schemes=list(schemes().values()))


@bp.get("/<code>")
@requires(Permission.READ_SCHEMES)
def show(code: str) -> ResponseReturnValue:
    return render_template("registrar/scheme.html", scheme=scheme(code))
