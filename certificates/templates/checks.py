"""Whether what was typed makes a template, with the line named where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.errors import N_, Refusal
from certificates.drawing.conformity import findings
from certificates.drawing.pdf import drawn
from certificates.drawing.template import PLACEHOLDERS, TemplateBody
from certificates.drawing.typefaces import composed, runs
from certificates.templates.samples import Sample, sample_face

MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """`where` is the line's place as the page and the file name it: award.0.zh."""

    where: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def read(typed: Any) -> tuple[TemplateBody | None, tuple[Problem, ...]]:
    """The template, or everything that is in its way."""
    try:
        body = TemplateBody.model_validate(typed)
    except ValidationError as error:
        return None, tuple(map(_problem, error.errors()[:MOST_PROBLEMS]))
    return body, tuple(_undrawable(body))


def refuse_unsound(typed: Any) -> TemplateBody:
    body, problems = read(typed)
    if body is None or problems:
        raise unsound(problems)
    return body


def unsound(problems: tuple[Problem, ...]) -> Refusal:
    told = [{"where": one.where, "message": one.message % one.params} for one in problems]
    message = N_("The template does not fit together yet: %(count)s places, the first at “%(first)s”. Mend them.")
    return Refusal(
        "template_unfit", message, details={"problems": told}, count=len(problems),
        first=problems[0].where if problems else "",
    )  # fmt: skip


def refuse_undrawable(body: TemplateBody, scheme: str) -> None:
    """A page is drawn with short and with the longest names: whatever does not fit, or is no PDF/A, is refused now
    and not on the day of issuing."""
    for sample in Sample:
        found = findings(drawn(sample_face(scheme, body, sample)), body.conformance)
        if found:
            message = N_("A certificate of this template would not be sound PDF/A: %(first)s.")
            raise Refusal("document_not_archivable", message, first=found[0])


def _problem(error: ErrorDetails) -> Problem:
    where = ".".join(str(part) for part in error["loc"]) or "fields"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        code, _blank, what = str(context["error"]).partition(" ")
        return Problem(where, _OWN[code], {"what": what, "known": " ".join(f"{{{one}}}" for one in PLACEHOLDERS)})
    if kind in _PLAIN:
        return Problem(where, _PLAIN[kind], {"count": context.get("max_length", context.get("min_length", ""))})
    return Problem(where, N_("This is not one of the values possible here."))


_OWN = {
    "unknown_placeholder": N_("There is no placeholder %(what)s. These may be used: %(known)s."),
    "loose_brace": N_("A brace { or } stands alone. Write placeholders such as {holder}; other braces cannot be used."),
    "field_missing": N_("The field “%(what)s” is missing: every certificate shows holder, level and number."),
    "field_twice": N_("The field “%(what)s” stands there twice. Remove one of them."),
}
_PLAIN = {
    "string_too_long": N_("At most %(count)s characters fit here. Shorten the text."),
    "string_too_short": N_("This line cannot be empty."),
    "too_long": N_("There are more lines than the page has room for: at most %(count)s."),
    "too_short": N_("There are too few lines: at least %(count)s."),
    "missing": N_("This part is missing."),
    "extra_forbidden": N_("A template has no part of this name. Remove it."),
    "string_type": N_("Here a text is wanted."),
}


def _undrawable(body: TemplateBody) -> list[Problem]:
    found = []
    for where, text in body.texts():
        try:
            runs(composed(text))
        except Refusal as refusal:
            found.append(Problem(where, refusal.message, refusal.params))
    return found
