"""The names of schemes, levels and their parts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask
from jinja2 import Environment, pass_environment

from app.schemes.scheme import scheme as scheme_of
from app.schemes.scheme import schemes
from app.web.language import chosen


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(level_title=level_title, scheme_title=scheme_title)
    app.jinja_env.filters.update(named=named, aside=aside)
    app.jinja_env.globals["listed_names"] = listed_names


@pass_environment
def named(environment: Environment, thing: Any, field: str = "name") -> str:
    """`name_en` for readers of English where there is one, else `name`; so for every text kept in both languages."""
    english = environment.getattr(thing, f"{field}_en") if chosen() == "en" else ""
    return str(english or environment.getattr(thing, field))


def listed_names(things: Iterable[Any]) -> str:
    """Several things with names of both languages, in one line."""
    english = chosen() == "en"
    return ("; " if english else "、").join((english and one.name_en) or one.name for one in things)


@pass_environment
def aside(_environment: Environment, words: object) -> str:
    """In brackets behind other words, in those of the reader's language."""
    return f" ({words})" if chosen() == "en" else f"（{words}）"


def level_title(scheme: str, level: str) -> str:
    found = scheme_of(scheme).level(level)
    return found.name_en if chosen() == "en" else found.name


def scheme_title(scheme: str) -> str:
    found = scheme_of(scheme)
    return found.name_en if chosen() == "en" else found.name


def full_title(scheme: str, level: str) -> str:
    return f"{scheme_title(scheme)} · {level_title(scheme, level)}"


def level_choices() -> list[tuple[str, str]]:
    """Every level of every scheme as `code/level` with its full name, for a select."""
    return [
        (f"{one.code}/{level.code}", full_title(one.code, level.code))
        for one in schemes().values()
        for level in one.levels
    ]


def criterion_name(criterion: Any) -> str:
    return str(criterion.name_en or criterion.name) if chosen() == "en" else str(criterion.name)
