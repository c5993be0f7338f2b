"""What the exam page needs beside its paper: where it sends, by which token, and what to keep for a time without us."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from app.core.rescue_key import rescue_key
from app.models.exam import Attempt
from app.web import attempt_token


def player(attempt: Attempt) -> dict[str, Any]:
    """The page's data-… attributes, by name."""
    secret: str = current_app.config["SECRET_KEY"]
    key = rescue_key(secret)
    changes = url_for("api.attempts_changes", attempt_id=attempt.id)
    return {
        "token": attempt_token.issue(attempt, secret) if attempt.client else "",  # before the start there is none
        "paper": attempt.paper_id,
        "user": attempt.user_id,
        "seat": attempt.seat.number,
        "receipt": attempt.receipt,
        "notice": attempt.notices,
        "submit-url": url_for("api.attempts_submit", attempt_id=attempt.id),
        "notices-url": f"{changes.removesuffix('changes')}notices",
        "worker": url_for("exam.worker"),
        "rescue-id": key.id,
        "rescue-key": key.written,
    }
