"""The names of schemes and levels in the reader's language."""

from __future__ import annotations

from flask import Flask

from app.schemes.scheme import scheme as scheme_of
from app.schemes.scheme import schemes
from app.web.language import chosen


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(level_title=level_title, scheme_title=scheme_title)


def level_title(scheme: str, level: str) -> str:
    found = scheme_of(scheme).level(level)
    return found.name_en if chosen() == "en" else found.name


def scheme_title(scheme: str) -> str:
    found = scheme_of(scheme)
    return found.name_en if chosen() == "en" else found.name


def level_choices() -> list[tuple[str, str]]:
    """Every level of every scheme as `code/level` with its full name, for a select."""
    return [
        (f"{one.code}/{level.code}", f"{scheme_title(one.code)} · {level_title(one.code, level.code)}")
        for one in schemes().values()
        for level in one.levels
    ]
