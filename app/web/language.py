"""Which language and time zone a request is answered in."""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from babel.support import Translations
from flask import Flask, request, session
from flask_babel import Babel

from app.web.access import principal_or_none

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
TIME_ZONE = "Asia/Shanghai"


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    babel = Babel(app, locale_selector=chosen, timezone_selector=lambda: TIME_ZONE)
    with app.app_context():
        for code in LANGUAGES:
            # Babel calls zh_CN by its full name zh_Hans_CN and would look for the catalogue there
            catalogue = Translations.load(Path(app.root_path) / "translations", [code])
            babel.domain_instance.cache[str(Locale.parse(code)), "messages"] = catalogue
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = chosen


def chosen() -> str:
    """The person's choice, else what the browser asks for, else Chinese."""
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    person = principal_or_none() if request.endpoint != "static" else None
    if person and person.locale in LANGUAGES:
        return str(person.locale)
    wanted = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh")
    return "en" if wanted == "en" else "zh_CN"
