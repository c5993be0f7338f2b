"""The schemes the engine knows: one YAML file each beside this module, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.core.errors import N_, Refusal
from app.schemes.assembly import assemble
from app.schemes.checks import problems
from app.schemes.reading import Problem, read_marked, refusal
from app.schemes.shape import shaped
from app.schemes.sheet import Area, Criterion, Descriptor, Sheet
from app.schemes.values import (
    BodyDecision,
    Content,
    DrawRules,
    Eligibility,
    Level,
    OpenRules,
    PaperForm,
    PracticalPart,
    Renewal,
    Row,
    Scheme,
    TaskSlot,
    TheoryPart,
    TypeForm,
)

__all__ = [
    "Area",
    "BodyDecision",
    "Content",
    "Criterion",
    "Descriptor",
    "DrawRules",
    "Eligibility",
    "Level",
    "OpenRules",
    "PaperForm",
    "PracticalPart",
    "Renewal",
    "Row",
    "Scheme",
    "Sheet",
    "TaskSlot",
    "TheoryPart",
    "TypeForm",
    "load_scheme",
    "read_scheme",
    "scheme",
    "schemes",
]

FOLDER = Path(__file__).parent


def load_scheme(path: Path) -> Scheme:
    """Refuses a wrong file with every problem's line, field and reason."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = N_("The scheme file %(file)s cannot be read (%(reason)s). Check its path and that it is UTF-8.")
        raise Refusal("scheme_unreadable", message, file=path.name, reason=str(error)) from error
    return read_scheme(text, path.name)


def read_scheme(text: str, file: str) -> Scheme:
    marked = read_marked(text)
    if not marked.problems and not isinstance(marked.data, dict):
        marked.problems.append(Problem((), N_("%(file)s, line %(line)s, %(field)s: the file holds no scheme.")))
    if marked.problems:
        raise refusal(file, marked, marked.problems)
    doc = shaped(marked.data)
    found = doc if isinstance(doc, list) else problems(doc)
    if isinstance(doc, list) or found:
        raise refusal(file, marked, found)
    return assemble(doc)


@cache
def schemes() -> Mapping[str, Scheme]:
    """By code, in the order of the file names."""
    found: dict[str, Scheme] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        one = load_scheme(path)
        if one.code in found:
            message = N_("The scheme %(scheme)s stands in two files; the second is %(file)s. Remove one.")
            raise Refusal("scheme_twice", message, scheme=one.code, file=path.name)
        found[one.code] = one
    return MappingProxyType(found)


def scheme(code: str) -> Scheme:
    try:
        return schemes()[code]
    except KeyError:
        known = ", ".join(schemes())
        message = N_("There is no scheme “%(scheme)s”. Use one of: %(known)s.")
        raise Refusal("unknown_scheme", message, scheme=code, known=known) from None
