"""A line of the log in words: what was decided, about what, and the particulars."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext
from jinja2 import pass_context
from jinja2.runtime import Context

from app.core.errors import N_
from app.web.audit_names import DECISIONS
from app.web.presentation import particular

SUBJECTS = {
    "anchor": N_("Anchor candidate"),
    "application": N_("Application"),
    "attempt": N_("Attempt"),
    "attendance": N_("Check of attendance"),
    "bank": N_("Bank"),
    "candidate": N_("Candidate"),
    "capture": N_("Pictures of candidates"),
    "certificate": N_("Certificate"),
    "certificate_template": N_("Certificate template"),
    "conflict": N_("Tie of an examiner"),
    "incident": N_("Incident"),
    "item": N_("Item"),
    "job": N_("Job"),
    "letter": N_("Letter"),
    "login": N_("Log-in"),
    "notice": N_("Notice"),
    "open_sheet": N_("Marking of an open answer"),
    "panel": N_("Panel"),
    "practical": N_("Practical"),
    "published_key": N_("Public key"),
    "rater": N_("Rater"),
    "record": N_("Room record"),
    "register": N_("Registers"),
    "room": N_("Room"),
    "seat": N_("Seat"),
    "seat_task": N_("Task of a seat"),
    "session": N_("Session"),
    "sheet": N_("Marking sheet"),
    "sheet_form": N_("Sheet form"),
    "site": N_("Site"),
    "task": N_("Task"),
    "user": N_("Account"),
}
PARTICULARS = {
    "address": N_("Address"),
    "after": N_("New value"),
    "application": N_("Application"),
    "at": N_("At"),
    "attempt": N_("Attempt"),
    "before": N_("Old value"),
    "category": N_("Category"),
    "changed": N_("Number of changes"),
    "closes_at": N_("Closes"),
    "count": N_("Count"),
    "criterion": N_("Criterion"),
    "deadline": N_("Deadline"),
    "document": N_("Number of the document"),
    "evidence": N_("Evidence"),
    "examiner": N_("Examiner"),
    "file": N_("File"),
    "format": N_("Format"),
    "ground": N_("Ground"),
    "how": N_("How"),
    "item": N_("Item"),
    "kind": N_("Kind"),
    "level": N_("Level"),
    "marks": N_("Marks"),
    "name": N_("Name given"),
    "number": N_("Sequence number"),
    "opens_at": N_("Opens"),
    "papers": N_("Number of papers"),
    "part": N_("Part"),
    "reason": N_("Reason"),
    "receipt": N_("Receipt"),
    "remark": N_("Remark"),
    "replaces": N_("Replaces"),
    "resolution": N_("How it was settled"),
    "role": N_("Role"),
    "roles": N_("Roles"),
    "room": N_("Room"),
    "scheme": N_("Assessment"),
    "score": N_("Score"),
    "seat": N_("Seat"),
    "seats": N_("Seats"),
    "seconds": N_("Number of seconds"),
    "session_id": N_("Session"),
    "severity": N_("Severity of the incident"),
    "task": N_("Task"),
    "total": N_("Total"),
    "user": N_("Account"),
    "username": N_("Username"),
    "version": N_("Version"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(decision=decision, subject=subject, detail=detail)


@pass_context
def decision(_context: Context, tag: str) -> str:
    """With the context, as for the names of states."""
    return _word(DECISIONS, tag)


@pass_context
def subject(_context: Context, kind: str) -> str:
    return _word(SUBJECTS, kind)


@pass_context
def detail(_context: Context, data: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value of what the line tells besides; nothing is left out."""
    return [(_word(PARTICULARS, name), particular(value)) for name, value in data.items()]


def kinds() -> list[tuple[str, str]]:
    """The beginnings of tags, with the word for what they are about."""
    found = sorted({tag.partition(":")[0] for tag in DECISIONS})
    return [(kind, _word(SUBJECTS, kind)) for kind in found]


def _word(names: dict[str, str], name: str) -> str:
    """What an older release left under a name that is gone is shown as it was left."""
    return str(gettext(names[name])) if name in names else name.replace("_", " ")
