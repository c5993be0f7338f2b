"""Handing out files that people uploaded: to be looked at, never run."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from app.models.monitoring import IncidentEvidence
from app.models.registration import Document


def stored_file(document: Document | IncidentEvidence) -> Response:
    return sandboxed(document.content, document.media_type, document.filename)


def sandboxed(content: bytes, media_type: str, name: str) -> Response:
    """Pictures and sounds are shown in a sandbox, under the type their content has; a PDF is downloaded."""
    response = send_file(
        BytesIO(content), media_type, as_attachment=media_type == "application/pdf", download_name=name
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
