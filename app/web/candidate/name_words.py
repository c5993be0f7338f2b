"""What is said about a name that was taken in: how it was understood, and whether it can be printed."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _

from app.core import names
from app.core.errors import Refusal
from app.models.registration import Candidate
from app.web.errors import render, spoken
from certificates.drawing.coverage import unprintable_in


def name_errors(typed: str, refusal: Refusal) -> list[str]:
    """Every character that must go, so that nobody mends one only to hear of the next."""
    found = names.problems(names.understood(typed).name)
    return [spoken(one.message, one.params) for one in found] or [render(refusal)]


def tell_of_name(candidate: Candidate) -> None:
    """A name that no font of ours can print would stop the certificate: said now, when there is time to mend it."""
    if candidate.name_as_typed:
        said = _(
            "Your name is kept as “%(name)s”; you typed “%(typed)s”. It stands so on the certificate. "
            "If that is wrong, go back a step and type it anew.",
            name=candidate.name, typed=candidate.name_as_typed,
        )  # fmt: skip
        flash(said, "success")
    if refusals := unprintable_in(candidate.name):
        for refusal in refusals:
            flash(render(refusal), "warn")
        more = _("You may apply all the same. Tell the certifying body, so that your certificate can be printed.")
        flash(more, "warn")
