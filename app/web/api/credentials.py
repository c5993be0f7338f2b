"""The digital credential of a certificate, for the certifying body's own programs."""

from __future__ import annotations

from flask import Response

from app.accounts.permissions import Permission
from app.core.db import db
from app.web.api.operation import operation
from app.web.candidate.credential import credential_file
from certificates.register import entries as register


@operation("GET", "/certificates/<serial>/credential", Permission.READ_REGISTER,
           "The Open Badges credential as a signed token", media_type="application/vc+jwt", errors=(503,))  # fmt: skip
def show(serial: str) -> Response:
    return credential_file(register.entry(db.session(), serial), "jwt")
