"""Which field of a task has the wrong shape, in our words: pydantic knows one language only."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.errors import N_
from app.schemes.reading import Path, Problem
from question_bank.tasks.body import ADAPTER, KINDS, TaskFile

TEXT = N_("A text is expected here. Put figures, times and days in quotes.")
NUMBER = N_("A number is expected here, without quotes.")
PATTERN = N_("This is written in a way that cannot be used here; it must look like %(pattern)s.")
OTHER = N_("This value cannot stand here (%(reason)s).")
MESSAGES = {
    "missing": N_("This field is missing; add it."),
    "extra_forbidden": N_("There is no field of this name here; check its spelling and how far it is set in."),
    "string_type": TEXT,
    "string_too_long": N_("This text is too long: at most %(max_length)s characters fit."),
    "string_too_short": N_("This field is empty; fill it in."),
    "empty_text": N_("This field is empty; fill it in."),
    "unprintable": N_("This text holds a character that cannot be printed; remove it."),
    "string_pattern_mismatch": PATTERN,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "is_instance_of": NUMBER,
    "finite_number": NUMBER,
    "int_type": N_("A whole number is expected here."),
    "bool_type": N_("Write true or false here."),
    "list_type": N_("A list is expected here: lines that begin with a hyphen."),
    "dict_type": N_("A group of named fields is expected here."),
    "model_type": N_("A group of named fields is expected here."),
    "model_attributes_type": N_("A group of named fields is expected here."),
    "too_short": N_("At least %(min_length)s entries are needed here."),
    "too_long": N_("At most %(max_length)s entries fit here."),
    "greater_than": N_("This must be greater than %(gt)s."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than": N_("This must be less than %(lt)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "literal_error": N_("This must be one of: %(expected)s."),
}
PATTERNS = {
    "^(?:[01]": '"09:30"',
    "^[A-Za-z0-9][A-Za-z0-9._-]*$": "call-finance-01, name.mp3",
    "^[A-Za-z0-9][A-Za-z0-9_-]*$": "f1, greeting",
}


def shaped(data: object) -> TaskFile | list[Problem]:
    if not isinstance(data, dict):
        return [Problem((), N_("The file holds no task: named fields are expected, beginning with its code."))]
    if "kind" in data and data["kind"] not in KINDS:
        message = N_("There is no task of this kind. Use one of: %(known)s.")
        return [Problem(("kind",), message, {"known": ", ".join(KINDS)})]
    try:
        return ADAPTER.validate_python(data)
    except ValidationError as error:
        return [_problem(found) for found in error.errors(include_url=False)]


def _problem(found: ErrorDetails) -> Problem:
    if found["type"] == "union_tag_not_found":
        return Problem(("kind",), MESSAGES["missing"])
    path: Path = found["loc"][1:]  # the first step names the kind
    if path and path[-1] == "[key]":
        path = path[:-1]
    context = {name: _plain(value) for name, value in found.get("ctx", {}).items()}
    if "pattern" in context:
        context["pattern"] = next((told for start, told in PATTERNS.items() if context["pattern"].startswith(start)),
                                  context["pattern"])  # fmt: skip
    return Problem(path, MESSAGES.get(found["type"], OTHER), {**context, "reason": found["msg"]})


def _plain(value: object) -> str:
    return str(value).replace(" or ", ", ").replace("'", "")
