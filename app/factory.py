"""Assembles the application: extensions, pages, API, commands."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import app.models  # noqa: F401  # every table known before the first query
from app import cli
from app.config import Settings
from app.core import logs, store
from app.core.crypto import IdentityVault
from app.core.db import db
from app.web import (
    access,
    audit_words,
    errors,
    headers,
    item_text,
    language,
    navigation,
    presentation,
    routes,
    titles,
    watched,
)
from app.web.board_lane import BoardLane
from app.web.candidate import frames, item_pages
from app.web.cookies import Cookies
from app.web.hand_in_lane import HandInLane
from app.web.json import JsonProvider
from app.web.limits import limiter
from app.web.saving_lane import SavingLane
from app.web.starting_lane import StartingLane

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class IdConverter(IntegerConverter):
    """A row's number, within what the database can hold; anything else is no address of ours."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**63 - 1)


def create_app(settings: Settings) -> Flask:
    app = Flask("app", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True, "hide_parameters": True},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1),
        RATELIMIT_STORAGE_OPTIONS=store.PATIENCE,
        RATELIMIT_ENABLED=not settings.testing,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.testing,
    )
    app.json = JsonProvider(app)
    app.session_interface = Cookies()
    app.extensions["settings"] = settings
    app.extensions["identity_vault"] = IdentityVault.from_secret(
        settings.identity_secret or settings.secret_key, settings.identity_secrets_older
    )
    app.url_map.converters["id"] = IdConverter
    for lane in (StartingLane, BoardLane, HandInLane, SavingLane):  # the last one is asked first
        app.wsgi_app = lane(app, app.wsgi_app)  # type: ignore[assignment, method-assign]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    logs.configure("warning" if settings.testing else settings.log_level)
    db.init_app(app)
    watched.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    store.init_app(app, settings.redis_url)
    csrf = CSRFProtect(app)
    access.init_app(app)
    language.init_app(app)
    limiter.init_app(app)
    headers.init_app(app, https=settings.secure_cookies)
    errors.init_app(app)
    presentation.init_app(app)
    audit_words.init_app(app)
    item_text.init_app(app)
    item_pages.init_app(app)
    frames.init_app(app)
    navigation.init_app(app)
    titles.init_app(app)
    routes.init_app(app, csrf)
    cli.init_app(app)
    return app
