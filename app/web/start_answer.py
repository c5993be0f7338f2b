"""The answer to a start, written in one place for both ways to it."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from typing import Any

from app.delivery import sealed_page
from app.delivery.quick_start import Begun
from app.models.exam import Attempt
from app.web import attempt_token
from app.web.acknowledgement import utc


def around(
    attempt: Attempt | Begun, now: datetime, secret: str, *, next_seq: int = 1,
    responses: dict[str, Any] | None = None, flagged: list[int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything but the paper."""
    return {
        "client": str(attempt.client), "token": attempt_token.issue(attempt, secret), "notice": attempt.notices,
        "state": str(attempt.state), "server_time": utc(now), "deadline": utc(attempt.deadline or now),
        "next_seq": next_seq, "responses": responses or {}, "flagged": flagged or [],
    }  # fmt: skip


def begun(found: Begun, secret: str) -> str:
    """Of an attempt begun this instant whose page waits at the computer already."""
    told = around(found, found.started_at, secret, next_seq=found.last_seq + 1)
    return with_key(told, found, found.terms, secret)


def with_paper(told: dict[str, Any], paper: str) -> str:
    return f'{json.dumps(told)[:-1]},"paper":{paper}}}'


def with_key(told: dict[str, Any], attempt: Attempt | Begun, terms: str, secret: str) -> str:
    """What opens the sealed page, in the paper's stead."""
    key = sealed_page.key_of(secret, attempt.id, attempt.paper_id, terms)
    return json.dumps(told | {"key": b64encode(key).decode()})
