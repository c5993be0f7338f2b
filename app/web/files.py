"""Handing out files that people uploaded: to be looked at, never run."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from app.models.monitoring import IncidentEvidence
from app.models.registration import Document


def stored_file(document: Document | IncidentEvidence) -> Response:
    """Pictures are shown in a sandbox, under the type their content has; a PDF is downloaded."""
    response = send_file(
        BytesIO(document.content),
        document.media_type,
        as_attachment=document.media_type == "application/pdf",
        download_name=document.filename,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
