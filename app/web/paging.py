"""Long lists: the page that was asked for, how many there are, and the filters that go along."""

from __future__ import annotations

from flask import request
from flask_wtf import FlaskForm

_FURTHEST = 100_000


def asked_page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), _FURTHEST)


def pages_of(total: int, size: int) -> int:
    return -(-total // size)


def filters_of(form: FlaskForm) -> dict[str, str]:
    """What the list is narrowed by, for the links to its other pages; whatever else the address holds is dropped."""
    return {name: value for name, value in form.data.items() if value}
