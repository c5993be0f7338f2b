"""What the page of a sheet sends, as the body of a form: the fields are named as the problems name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.core.errors import N_, Refusal
from app.practical.forms.body import FormBody

CRITERION = ("id", "area", "name", "name_en", "points", "critical_below")
BAND = ("grade", "low", "text", "text_en")
DEDUCTION = ("id", "name", "name_en", "each", "most")
GROUP = ("id", "name", "name_en", "weight")


def typed_body(form: Mapping[str, str]) -> FormBody:
    try:
        return FormBody.model_validate(
            {
                "criteria": [
                    _entry(form, where, CRITERION)
                    | {"critical": f"{where}.critical" in form, "bands": _entries(form, f"{where}.bands", BAND)}
                    for where in _places(form, "criteria", "id")
                ],
                "deductions": _entries(form, "deductions", DEDUCTION),
                "groups": _entries(form, "groups", GROUP),
            }
        )
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        message = N_("What was sent at “%(where)s” is longer than any sheet takes. Go back and shorten it.")
        raise Refusal("sheet_form_too_large", message, where=where) from error


def _entries(form: Mapping[str, str], kind: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_entry(form, where, fields) for where in _places(form, kind, fields[0])]


def _places(form: Mapping[str, str], kind: str, key: str) -> list[str]:
    """kind.0, kind.1 and so on, as many as there are."""
    found, index = [], 0
    while f"{kind}.{index}.{key}" in form:
        found.append(f"{kind}.{index}")
        index += 1
    return found


def _entry(form: Mapping[str, str], where: str, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: _line(form.get(f"{where}.{name}", "")) for name in fields}


def _line(text: str) -> str:
    """On one line, without blanks around it; NUL is no text that can be kept."""
    return " ".join(text.replace("\x00", "").split("\n")).replace("\r", "").strip()
