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
    "about": N_("Subject"),
    "address": N_("Address"),
    "after": N_("New value"),
    "answer": N_("Answer"),
    "application": N_("Application"),
    "applications": N_("Number of applications"),
    "applied": N_("Applied"),
    "asked": N_("Asked"),
    "at": N_("At"),
    "attempt": N_("Attempt"),
    "attend": N_("Minutes without a rest"),
    "before": N_("Old value"),
    "blocking": N_("Holds certificates back"),
    "capacity": N_("Places"),
    "category": N_("Category"),
    "certificate": N_("Certificate"),
    "changed": N_("Number of changes"),
    "changes": N_("What was changed"),
    "closes_at": N_("Closes"),
    "count": N_("Count"),
    "criterion": N_("Criterion"),
    "deadline": N_("Deadline"),
    "digest": N_("Digest"),
    "document": N_("Number of the document"),
    "edition": N_("Edition"),
    "entries": N_("Entries"),
    "evidence": N_("Evidence"),
    "examiner": N_("Examiner"),
    "file": N_("File"),
    "form": N_("Sheet form"),
    "format": N_("Format"),
    "gap": N_("Minutes in between"),
    "gate": N_("Gate code asked for"),
    "given": N_("Agreed"),
    "ground": N_("Ground"),
    "group": N_("Group"),
    "how": N_("How"),
    "identity": N_("Identity document"),
    "issue": N_("Issue of the ticket"),
    "item": N_("Item"),
    "items": N_("Items"),
    "kept": N_("Kept as evidence"),
    "keys": N_("Fields"),
    "kind": N_("Kind"),
    "late": N_("Late"),
    "level": N_("Level"),
    "lines": N_("What was changed"),
    "made_at": N_("Made at"),
    "marks": N_("Marks"),
    "monitoring": N_("Video monitoring"),
    "name": N_("Name given"),
    "name_differs": N_("Name differs"),
    "network": N_("Network"),
    "note": N_("Note"),
    "number": N_("Sequence number"),
    "opens_at": N_("Opens"),
    "order": N_("Place in the order"),
    "papers": N_("Number of papers"),
    "part": N_("Part"),
    "passed": N_("Passed"),
    "people": N_("Candidates on site at once"),
    "picture": N_("Picture"),
    "pictures": N_("Number of pictures"),
    "place": N_("Computer"),
    "points": N_("Points"),
    "position": N_("Number of the item"),
    "positions": N_("Numbers of the items"),
    "problem": N_("Problem"),
    "quit_password": N_("Password to end Safe Exam Browser"),
    "rater": N_("Rater"),
    "reason": N_("Reason"),
    "receipt": N_("Receipt"),
    "refused": N_("Could not be done for"),
    "remark": N_("Remark"),
    "replaces": N_("Replaces"),
    "resolution": N_("How it was settled"),
    "rest": N_("Minutes of rest"),
    "results": N_("Results"),
    "revision": N_("Revision"),
    "role": N_("Role"),
    "roles": N_("Roles"),
    "room": N_("Room"),
    "rooms": N_("Rooms"),
    "scheme": N_("Assessment"),
    "score": N_("Score"),
    "score_before": N_("Score before"),
    "seat": N_("Seat"),
    "seats": N_("Seats"),
    "seconds": N_("Number of seconds"),
    "secret": N_("Secret of the draw"),
    "seed": N_("Seed"),
    "session_id": N_("Session"),
    "severity": N_("Severity of the incident"),
    "sha256": N_("Digest"),
    "share": N_("Share"),
    "sheets": N_("Sheets"),
    "site": N_("Site"),
    "size": N_("Seats of a room"),
    "slot": N_("Task"),
    "stations": N_("Stations"),
    "successor": N_("Successor"),
    "task": N_("Task"),
    "tasks": N_("Tasks"),
    "text": N_("Text"),
    "tie": N_("Tie"),
    "told": N_("What was told"),
    "total": N_("Total"),
    "unknown": N_("Unknown"),
    "until": N_("Ends at"),
    "user": N_("Account"),
    "username": N_("Username"),
    "version": N_("Version"),
    "weakens_at": N_("Weakens at"),
    "why": N_("Reason"),
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
