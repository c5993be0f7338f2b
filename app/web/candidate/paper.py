"""The paper as its page needs it: by type of item, with what stands at each position."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.delivery import showing
from app.models.exam import Attempt, Response
from app.web.titles import full_title


@dataclass(frozen=True)
class Section:
    """The items of one type; each knows its answer, its flag and the number of the change that gave them."""

    type: str
    marks: float
    entries: tuple[dict[str, Any], ...]


def paper_view(session: Session, attempt: Attempt, now: datetime, words: Callable[[str], str]) -> dict[str, Any]:
    shown = showing.started(session, attempt, now)
    standing = showing.responses_of(session, attempt)
    items = showing.paper_items(session, attempt, words)
    entries = [_entry(item, standing.get(item["position"])) for item in items]
    sections = [
        Section(type=kind, marks=(group := tuple(found))[0]["marks"], entries=group)
        for kind, found in groupby(entries, key=lambda entry: str(entry["type"]))
    ]
    return {
        **{name: shown[name] for name in ("client", "state", "deadline", "next_seq")},
        "id": attempt.id,
        "server_time": attempt.paused_at or now,
        "title": full_title(attempt.session.scheme, attempt.session.level),
        "seat": attempt.seat.number,
        "positions": len(entries),
        "sections": sections,
        "changes_url": url_for("api.attempts_changes", attempt_id=attempt.id),
    }


def _entry(item: dict[str, Any], standing: Response | None) -> dict[str, Any]:
    return {
        **item,
        "answer": standing.answer if standing else [],
        "flagged": bool(standing and standing.flagged),
        "seq": standing.seq if standing else 0,
    }
