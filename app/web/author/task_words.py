"""How the fields, faults and steps of tasks read on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context

from app.core.errors import N_
from app.web.author.importing import told as words_of
from app.web.author.tasks import bp
from app.web.state_names import state_name
from question_bank.file_problems import FileProblem

FIELDS = {
    "code": N_("Code"), "scheme": N_("Assessment"), "kind": N_("Kind"), "levels": N_("Levels"), "trade": N_("Trade"),
    "title": N_("Title"), "source": N_("Source"), "card.situation": N_("Situation"), "card.rules": N_("Rule"),
    "card.data": N_("On the screen"), "card.asks": N_("What is to be done"), "card": N_("Card"),
    "sheet": N_("What to look for"), "sheet.watch": N_("What to look for"), "sheet.full": N_("Earns the top band"),
    "sheet.fails": N_("Earns the lowest"), "traps": N_("Trap"), "traps.trap": N_("Trap"),
    "traps.right": N_("What is right"), "audio": N_("Recording"), "block": N_("Own part of this kind"),
    "media": N_("Recording"), "role.persona": N_("Who is played"), "role.opening": N_("First sentence"),
    "role.mood": N_("Mood"), "role.facts.fact": N_("Fact"), "role.facts.told": N_("When it is told"),
    "role.lines.when": N_("Cue"), "role.lines.say": N_("Line"), "role.ending": N_("Ending"),
}  # fmt: skip
STEPS = {
    "created": N_("Begun"),
    "begun": N_("New version begun"),
    "saved": N_("Saved"),
    "abandoned": N_("Given up"),
    "submitted": N_("Handed to the reviewers"),
    "taken_back": N_("Taken back"),
    "approved": N_("Approved"),
    "sent_back": N_("Sent back"),
    "put_in_use": N_("Put in use"),
    "imported": N_("Taken in from a file, into use"),
    "retired": N_("Retired"),
    "reinstated": N_("Brought back"),
}
SPEAKERS = {"agent": N_("Clerk"), "customer": N_("Customer")}
_PLACE = re.compile(r"\[([^\]]*)\]")


@bp.app_template_filter("task_field")
@pass_context
def _named(_context: Context, path: str) -> str:
    return field_name(path)


@bp.app_template_filter("task_step")
@pass_context
def _step(_context: Context, tag: str) -> str:
    words = STEPS.get(tag.removeprefix("task:"))
    return str(_(words)) if words else tag


@bp.app_template_filter("task_kind")
@pass_context
def _kind(_context: Context, kind: str) -> str:
    return state_name(f"task_{kind}")


@bp.app_template_filter("spoken_by")
@pass_context
def _speaker(_context: Context, who: str) -> str:
    return str(_(SPEAKERS[who])) if who in SPEAKERS else who


def field_name(path: str) -> str:
    """`card.rules[3]` as a person would say it; what stands in the typed part keeps the name it has there."""
    plain = _PLACE.sub("", path)
    known = FIELDS.get(plain) or (FIELDS.get(plain.rpartition(".")[0]) if plain.startswith("card.data.") else None)
    if known is None:
        return path
    places = " · ".join(_PLACE.findall(path))
    return f"{_(known)} {places}".rstrip()


def told(problems: Sequence[FileProblem]) -> list[dict[str, Any]]:
    """What still keeps a draft from being submitted, each with the field to go to."""
    return [
        {"field": one.field, "name": field_name(one.field), "line": one.line, "anchor": anchor(one.field, one.line),
         "words": words_of(one)}
        for one in sorted(problems, key=lambda one: (one.line > 0, one.line))
    ]  # fmt: skip


def anchor(field: str, line: int) -> str:
    if line or field.partition(".")[0] not in ("card", "sheet", "traps", "title", "levels", "trade", "source"):
        return "f-audio" if field == "audio" else "f-block"
    plain = _PLACE.sub("", field)
    return f"f-{'.'.join(plain.split('.')[:2]) if plain.startswith('card.') else plain.partition('.')[0]}"
