"""How what the workshop finds and keeps reads on the screen: fields, faults, findings, steps of an item's life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context

from app.core.errors import N_
from app.web.author.views import bp
from app.web.state_names import state_name
from question_bank.bank_item import BankItem
from question_bank.lint import ITEM_RULES
from question_bank.lint.clues import Clues
from question_bank.workshop.completeness import Fault

STEPS = {
    "created": N_("Begun"),
    "revision:begun": N_("Revision begun"),
    "revision:saved": N_("Saved"),
    "revision:rebased": N_("Confirmed over a version that came in"),
    "revision:abandoned": N_("Given up"),
    "revision:submitted": N_("Handed to the reviewers"),
    "revision:taken_back": N_("Taken back"),
    "revision:approved": N_("Approved"),
    "revision:sent_back": N_("Sent back"),
    "put_in_use": N_("Put in use"),
    "use_changed": N_("Use changed"),
    "retired": N_("Retired"),
    "reinstated": N_("Brought back"),
    "compromised": N_("Withdrawn as compromised"),
    "compromise:cleared": N_("No longer compromised"),
    "commented": N_("Commented"),
    "comment:resolved": N_("Comment dealt with"),
    "comment:reopened": N_("Comment opened again"),
    "enemy:added": N_("Kept apart from another item"),
    "enemy:removed": N_("No longer kept apart"),
}
_STIMULUS = {"id": N_("Code"), "title": N_("Title"), "text": N_("Text"), "audio": N_("Recording"), "plays": N_("Plays"),
             "media": N_("Pictures and sounds")}  # fmt: skip


def step_name(tag: str) -> str:
    words = STEPS.get(tag.removeprefix("item:"))
    return str(_(words)) if words else tag


_PLAIN = {"id": N_("Code"), "scheme": N_("Assessment"), "level": N_("Level"), "status": N_("Remark"),
          "use": N_("Used for"), "enemies": N_("Never on one paper with")}  # fmt: skip


@bp.app_template_filter("item_field")
@pass_context
def _named(_context: Context, path: str) -> str:
    return field_name(path)


def field_name(path: str) -> str:
    """`options.B` as a person would say it."""
    name, _dot, part = path.partition(".")
    if not part:
        return str(_(_PLAIN[name])) if name in _PLAIN else state_name(name)
    if name == "options":
        return str(_("Option %(option)s", option=part))
    if name == "feedback":
        return str(_("Why option %(option)s is wrong", option=part))
    if name == "criteria":
        return str(_("Criterion %(number)s", number=part))
    if name == "stimulus":
        inner = part.partition(".")[0]
        return f"{state_name(name)} · {_(_STIMULUS.get(inner, part))}"
    return f"{state_name(name)} {part}"


def sentence(message: str, params: Mapping[str, Any]) -> str:
    words = str(_(message))
    shown = {name: "、".join(map(str, one)) if isinstance(one, list | tuple) else one for name, one in params.items()}
    return words % shown if params else words


def faults_told(faults: Sequence[Fault], item: BankItem) -> list[dict[str, str]]:
    """What still keeps a draft from being submitted, each with the field to go to."""
    return [{"field": one.field, "name": field_name(one.field), "words": _fault(one, item)} for one in faults]


def _fault(fault: Fault, item: BankItem) -> str:
    if fault.field == "key" and item.type == "fill" and not item.key:
        return str(_("A gap has no accepted answer yet; write one for each gap."))
    return sentence(fault.message, fault.params)


def findings(item: BankItem) -> list[str]:
    """What the linter marks in this item alone; advice, not a condition."""
    marks = [mark for rule in (*ITEM_RULES, Clues([item]).check) for mark in rule(item)]
    return [sentence(mark.message, _lint_params(mark.params)) for mark in marks]


def _lint_params(params: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(params)
    for name in ("field", "type"):
        if name in told:
            told[name] = state_name(told[name])
    return told
