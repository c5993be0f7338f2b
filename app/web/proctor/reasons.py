"""Reasons at hand, the last one given, and what is said after an act."""

from __future__ import annotations

from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import ngettext

KEY = "reason"


def quick() -> list[str]:
    """What is most often the reason, to be chosen instead of typed."""
    return [
        _("Fault of the computer or network"), _("Candidate is unwell"), _("Candidate leaves the room, accompanied"),
        _("Identity to be checked"), _("Disturbance in the room"), _("The reason for the pause is gone"),
    ]  # fmt: skip


def remember(action: str, reason: str) -> None:
    """A reason is often needed for the next candidate too; a message is not one."""
    if action != "message" and reason:
        cookie[KEY] = reason


def remembered() -> str:
    return str(cookie.get(KEY, ""))


def told(action: str, minutes: int = 0) -> str:
    """To one candidate: what happened and what comes next."""
    said: dict[str, str] = {
        "let_in": _("The candidate is let in and can start without the gate code."),
        "pause": _("The exam is paused and the clock stands still. Resume it when the reason is gone."),
        "resume": _("The exam goes on with the time that was left."),
        "extend": _("%(minutes)s minutes more are given, in force at once.", minutes=minutes),
        "hand_over": _(
            "The computer in use is logged out. The candidate can now log in at another one, with the admission code"
            " within 15 minutes, and goes on with all answers."
        ),
        "message": _("The message is on its way; it shows on the candidate's screen within seconds."),
        "end": _("The exam is ended. What was saved until now is marked."),
        "void": _("The exam is voided. If the candidate may sit again, ask the registrar for a new paper."),
    }
    return said[action]


def told_many(action: str, count: int, minutes: int = 0) -> str:
    """To several."""
    said: dict[str, str] = {
        "let_in": ngettext("%(num)s candidate is let in.", "%(num)s candidates are let in.", count),
        "pause": ngettext(
            "%(num)s exam is paused. Resume it when the reason is gone.",
            "%(num)s exams are paused. Resume them when the reason is gone.",
            count,
        ),
        "resume": ngettext(
            "%(num)s exam goes on with the time that was left.",
            "%(num)s exams go on with the time that was left.",
            count,
        ),
        "extend": ngettext(
            "%(minutes)s minutes more are given to %(num)s candidate.",
            "%(minutes)s minutes more are given to %(num)s candidates.",
            count,
            minutes=minutes,
        ),
        "hand_over": ngettext(
            "%(num)s candidate can now log in at another computer.",
            "%(num)s candidates can now log in at another computer.",
            count,
        ),
        "message": ngettext(
            "The message is on its way to %(num)s candidate.", "The message is on its way to %(num)s candidates.", count
        ),
        "end": ngettext(
            "%(num)s exam is ended. What was saved until now is marked.",
            "%(num)s exams are ended. What was saved until now is marked.",
            count,
        ),
        "void": ngettext("%(num)s exam is voided.", "%(num)s exams are voided.", count),
    }
    return said[action]
