"""What would help where no timetable is found, in words."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Refusal
from app.web.errors import render
from app.web.state_names import state_name


def flash_refusal(refusal: Refusal) -> None:
    """The refusal, and each way to help as a notice of its own."""
    flash(render(refusal), "error")
    for way in ways_to_help(refusal):
        flash(way, "warn")


def ways_to_help(refusal: Refusal) -> list[str]:
    ways = ("；".join(_words(one) for one in way) for way in refusal.details.get("remedies", ()))
    return [_("What would help: %(ways)s.", ways=way) for way in ways if way]


def _words(remedy: dict[str, Any]) -> str:
    count, kind = remedy["count"], remedy["kind"]
    slots = "、".join(state_name(f"task_{slot}") for slot in remedy.get("slots", ()))
    seats = ", ".join(map(str, remedy.get("seats", ())))
    words = {
        "examiners": ngettext("%(num)s more examiner", "%(num)s more examiners", count),
        "desks": ngettext("%(num)s more station with examiners", "%(num)s more stations with examiners", count),
        "places": _("%(count)s more places for %(slots)s", count=count, slots=slots),
        "capacity": _("let in %(count)s more candidates at once", count=count),
        "window": _("a session that is open %(count)s minutes longer", count=count),
    }
    if kind == "examiners" and seats:
        return str(_("%(count)s more examiners free of ties to seats %(seats)s", count=count, seats=seats))
    return str(words[kind])
