"""The sections each person sees in the masthead, by permission."""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core.errors import N_
from app.web.access import principal_or_none

SECTIONS = (
    ("candidate.home", N_("My exams"), "home", Permission.READ_OWN),
    ("practice.index", N_("Practice"), "practice", Permission.READ_OWN),
    ("registrar.home", N_("Overview"), "overview", Permission.READ_SESSIONS),
    ("registrar.applications", N_("Applications"), "applications", Permission.READ_APPLICATIONS),
    ("registrar.sessions", N_("Sessions"), "sessions", Permission.READ_SESSIONS),
    ("registrar.sites", N_("Sites"), "sites", Permission.READ_SESSIONS),
    ("register.index", N_("Register"), "register", Permission.READ_REGISTER),
    ("proctor.home", N_("My rooms"), "rooms", Permission.INTERVENE),
    ("examiner.home", N_("My candidates"), "sheets", Permission.MARK_PRACTICAL),
    ("author.home", N_("Question bank"), "bank", Permission.READ_BANK),
    ("tasks.home", N_("Practical tasks"), "tasks", Permission.READ_BANK),
    ("author.exposure", N_("Withdrawn items"), "exposure", Permission.READ_EXPOSURE),
    ("schemes.index", N_("Standards"), "schemes", Permission.READ_SCHEMES),
    ("admin.home", N_("Accounts"), "accounts", Permission.MANAGE_USERS),
    ("verifier.home", N_("Check certificates"), "check", Permission.CHECK_CERTIFICATES),
    ("audit.index", N_("Audit log"), "audit", Permission.READ_AUDIT),
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["sections"] = sections


def sections() -> list[tuple[str, str, str]]:
    """(endpoint, label, key) of what the person asking may open."""
    person = principal_or_none()
    if person is None or person.attempt_id is not None:  # a log-in for one exam leads nowhere else
        return []
    return [
        (endpoint, gettext(label), key)
        for endpoint, label, key, permission in SECTIONS
        if person.may(permission) and endpoint in current_app.view_functions
    ]
