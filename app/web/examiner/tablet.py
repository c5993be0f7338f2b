"""What an examiner's tablet needs to go on without a network: the worker that keeps pages, who it is for, and a key.

What a tablet keeps is encrypted with a key of its user, which only that user's pages carry. So another examiner at the
same tablet finds nothing to read, and its owner finds it again after the next log-in.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.accounts.permissions import Permission
from app.core.crypto import derived
from app.web.access import principal, requires
from app.web.examiner.views import bp

FILES = (
    "css/app.css",
    "css/marking.css",
    "css/practical.css",
    "mark.svg",
    "js/hold-early.js",
    "js/main.js",
    *(f"js/marking{part}.js" for part in ("", "-card", "-evidence", "-recorder", "-review", "-times")),
    *(f"js/tablet{part}.js" for part in ("", "-keeper", "-leave", "-sender", "-sheet", "-store")),
)
HARDWARE = "camera=(self), microphone=(self), geolocation=()"


@bp.get("/worker.js")
def worker() -> Response:
    """Served from here, since a browser lets it work only for addresses below its own."""
    script = Path(str(current_app.static_folder), "js", "tablet-worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Service-Worker-Allowed": "/examiner/"})


@bp.get("/pass")
@requires(Permission.MARK_PRACTICAL)
def current_pass() -> ResponseReturnValue:
    """Who is logged in here now, and the token that their requests carry."""
    return jsonify(user=principal().user_id, csrf=generate_csrf())


@bp.after_request
def _mark(response: Response) -> Response:
    """Says whose page it is that a tablet may keep, and lets it record sound and pictures as evidence."""
    if response.mimetype == "text/html" and response.status_code == 200:
        response.headers["X-Tablet-Page"] = str(principal().user_id)
        response.headers["Permissions-Policy"] = HARDWARE
    return response


@bp.app_context_processor
def _tablet() -> dict[str, Any]:
    return {"tablet_key": tablet_key, "tablet_files": FILES}


def tablet_key() -> str:
    secret = derived(current_app.config["SECRET_KEY"], f"tablet:{principal().user_id}")
    return b64encode(secret).decode()
