"""What is alike on every exam page, rendered once for each language and flavour.

A frame's template gets its flavour and nothing else: no request, no person, no paper. What it would want of those is
an error and not an empty place, so nothing of one candidate can stay in what the next is shown.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from app.delivery.delivered import Kept

FOLDER = "candidate/frame"
PERSONAL = ("config", "csrf_token", "current_user", "g", "get_flashed_messages", "request", "session")
"""Known to every other template."""
_frames: Kept[tuple[Any, ...], Markup] = Kept(1_000)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["frame"] = frame


def frame(name: str, **flavour: bool) -> Markup:
    key = (current_app.config["SECRET_KEY"], str(get_locale()), name, *flavour.items())
    found = _frames.get(key)
    if found is None:
        written = _template(f"{FOLDER}/{name}.html").render(flavour)
        found = _frames.put(key, Markup(written))  # noqa: S704  # rendered by a template that escapes
    return found


def _template(path: str) -> Template:
    alone: Environment = current_app.jinja_env.overlay(undefined=StrictUndefined, cache_size=0)
    shared = {name: one for name, one in current_app.jinja_env.globals.items() if name not in PERSONAL}
    alone.globals = shared
    return alone.get_template(path)
