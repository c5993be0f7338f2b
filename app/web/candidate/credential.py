"""A candidate's own credential beside the PDF, for wallets and other programs."""

from __future__ import annotations

from flask import Response, current_app

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.certificate import Certificate
from app.results.history import candidate_results
from app.web.access import principal, requires
from app.web.candidate.results import bp
from certificates.register import entries as register
from certificates.signing.seals import issuers
from certificates.twin.handing_out import file_of


@bp.get("/certificates/<serial>/credential.<form>")
@requires(Permission.READ_OWN)
def credential(serial: str, form: str) -> Response:
    """Only one's own; another's is no more there than one that does not exist."""
    own = {one.serial for level in candidate_results(db.session(), principal().user_id) for one in level.certificates}
    if serial not in own or form not in ("jwt", "json"):
        raise NotFound()
    return credential_file(register.entry(db.session(), serial), form)


@bp.context_processor
def _offered() -> dict[str, bool]:
    """Whether there is a key to make credentials with."""
    settings = current_app.extensions["settings"]
    return {"credentials_offered": settings.demonstration or settings.credential_key is not None}


def credential_file(certificate: Certificate, form: str) -> Response:
    issuer = issuers(current_app.extensions["settings"])(certificate.demonstration)
    content, media_type = file_of(db.session(), certificate, issuer, clock.now(), form=form)
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="certificate-{certificate.serial}.{form}"'}
    return Response(content, content_type=media_type, headers=headers)
