"""How values look on the screen: dates, figures, states. Templates only show what these return."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app.web.state_names import state_name

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(moment=moment, day=day, clock=clock_time, hour=hour, figure=figure, state=state)
    app.jinja_env.filters.update(marks=marks)
    app.jinja_env.filters.update(emphasised=emphasised, particular=particular)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


@pass_context
def state(_context: Context, value: str) -> str:
    """With the context, so that no word is fixed in the language in which a template happens to be compiled."""
    return state_name(value)


def moment(value: datetime | None) -> str:
    return format_datetime(value, "yyyy-MM-dd HH:mm") if value else "—"


def clock_time(value: datetime | None) -> str:
    return format_datetime(value, "HH:mm:ss") if value else "—"


def hour(value: datetime | None) -> str:
    """A time that was planned: nobody plans seconds."""
    return format_datetime(value, "HH:mm") if value else "—"


def particular(value: Any) -> str:
    """A detail of the log: an instant in the reader's own time, anything else as it was recorded."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return str(format_datetime(datetime.fromisoformat(value), "yyyy-MM-dd HH:mm:ss"))
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, list):
        return ", ".join(map(particular, value)) or "—"
    if isinstance(value, dict):
        return ", ".join(f"{name} {particular(one)}" for name, one in value.items()) or "—"
    return "—" if value is None or value == "" else str(value)


def day(value: date | None) -> str:
    return format_date(value, "yyyy-MM-dd", rebase=False) if value else "—"


def figure(value: Decimal | int | str | None) -> Any:
    """An exact decimal without needless zeros; never rounded."""
    if value is None:
        return "—"
    plain = format(Decimal(str(value)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@pass_context
def marks(_context: Context, value: Decimal | int | str) -> str:
    """What an item is worth, in words."""
    return str(gettext("1 mark") if figure(value) == "1" else gettext("%(marks)s marks", marks=figure(value)))


def emphasised(text: str) -> Markup:
    """An author's text, escaped, with **words** set strong; nothing else in it is markup."""
    parts = re.split(r"\*\*(.+?)\*\*", text)
    strong = Markup("<strong>{}</strong>")
    return Markup("").join(strong.format(part) if place % 2 else escape(part) for place, part in enumerate(parts))
