"""Which field of a scheme has the wrong shape, in our words: pydantic knows one language only."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.errors import N_
from app.schemes.decisions import SchemeDoc
from app.schemes.reading import Problem

ABOVE = N_("%(file)s, line %(line)s, %(field)s: this must be greater than %(gt)s.")
AT_LEAST = N_("%(file)s, line %(line)s, %(field)s: this must be at least %(ge)s.")
AT_MOST = N_("%(file)s, line %(line)s, %(field)s: this must be at most %(le)s.")
WHOLE = N_("%(file)s, line %(line)s, %(field)s: this must be a whole number.")
NUMBER = N_("%(file)s, line %(line)s, %(field)s: this must be a number.")
YES_OR_NO = N_("%(file)s, line %(line)s, %(field)s: this must be true or false.")
TEXT = N_("%(file)s, line %(line)s, %(field)s: this must be a text.")
ONE_OF = N_("%(file)s, line %(line)s, %(field)s: this must be %(expected)s.")
LIST = N_("%(file)s, line %(line)s, %(field)s: this must be a list.")
FIELDS = N_("%(file)s, line %(line)s, %(field)s: this must be a group of named fields.")
MORE = N_("%(file)s, line %(line)s, %(field)s: this needs at least %(min_length)s entries.")
FEWER = N_("%(file)s, line %(line)s, %(field)s: this may have at most %(max_length)s entries.")
MISSING = N_("%(file)s, line %(line)s, %(field)s: this field is missing; add it.")
UNKNOWN = N_("%(file)s, line %(line)s, %(field)s: a scheme has no such field; check its spelling.")
OTHER = N_("%(file)s, line %(line)s, %(field)s: this value cannot stand here (%(reason)s).")

MESSAGES = {
    "greater_than": ABOVE,
    "greater_than_equal": AT_LEAST,
    "less_than_equal": AT_MOST,
    "int_type": WHOLE,
    "is_instance_of": NUMBER,
    "decimal_type": NUMBER,
    "finite_number": NUMBER,
    "bool_type": YES_OR_NO,
    "string_type": TEXT,
    "string_too_short": TEXT,
    "literal_error": ONE_OF,
    "list_type": LIST,
    "dict_type": FIELDS,
    "model_type": FIELDS,
    "too_short": MORE,
    "too_long": FEWER,
    "missing": MISSING,
    "extra_forbidden": UNKNOWN,
}


def shaped(data: object) -> SchemeDoc | list[Problem]:
    try:
        return SchemeDoc.model_validate(data)
    except ValidationError as error:
        return [_problem(found) for found in error.errors(include_url=False)]


def _problem(found: ErrorDetails) -> Problem:
    message = MESSAGES.get(found["type"], OTHER)
    return Problem(found["loc"], message, {**found.get("ctx", {}), "reason": found["msg"]})
