"""Which language and time zone a request is answered in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel

from app.registration.facts import BODY_ZONE
from app.web.access import principal_or_none

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
LOCALES = {code: Locale.parse(code) for code in LANGUAGES}
"""Parsed once: Babel would look through all its locales at every request."""
TIME_ZONE = BODY_ZONE.key


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    babel = Babel(app, locale_selector=lambda: LOCALES[chosen()], timezone_selector=lambda: TIME_ZONE)
    with app.app_context():
        for code, locale in LOCALES.items():
            # Babel calls zh_CN by its full name zh_Hans_CN and would look for the catalogue there
            folder = Path(app.root_path) / "translations" / code / "LC_MESSAGES"
            babel.domain_instance.cache[str(locale), "messages"] = catalogue(folder, code)
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = chosen


def catalogue(folder: Path, code: str) -> Translations:
    """The compiled catalogue, or the written one where nobody compiled it since it changed."""
    written, compiled = folder / "messages.po", folder / "messages.mo"
    if compiled.exists() and compiled.stat().st_mtime >= written.stat().st_mtime:
        return Translations(BytesIO(compiled.read_bytes()))
    fresh = BytesIO()
    with written.open("rb") as file:
        write_mo(fresh, read_po(file, locale=code))
    fresh.seek(0)
    return Translations(fresh)


def prefers(locale: str | None) -> None:
    """The choice of the person asking is known from elsewhere: nobody needs to be looked up for it."""
    g.locale = locale


def chosen() -> str:
    """The person's choice, else what the browser asks for, else Chinese."""
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if (preferred := _preferred()) in LANGUAGES:
        return str(preferred)
    wanted = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh")
    return "en" if wanted == "en" else "zh_CN"


def _preferred() -> str | None:
    if "locale" in g:
        return cast("str | None", g.locale)
    person = principal_or_none() if request.endpoint != "static" else None
    return person.locale if person else None
