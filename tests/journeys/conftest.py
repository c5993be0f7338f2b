"""The product as its users meet it: a server, a demonstration, and people at their browsers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from app.cli.demonstration.stage import Stage, Wanted
from app.cli.output import SHELL
from app.core import clock
from app.core.db import db
from app.schemes.scheme import scheme
from tests.factories import theory
from tests.journeys.machine import Machine
from tests.journeys.person import Person

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Visit = Callable[..., Person]
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)  # how long a busy machine takes says nothing about the product


def whole(app: Flask) -> WSGIApplication:
    """Every answer read to its end before any of it is sent: a browser that goes away leaves no file open."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body = app(environ, start_response)
        with closing(body) if hasattr(body, "close") else nullcontext():
            return [b"".join(body)]

    return answered


@pytest.fixture(autouse=True)
def no_line_for_each_request() -> None:
    """The server of the tests tells of every request; what goes wrong is still told."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


@pytest.fixture
def machine(store: Flask) -> Iterator[Machine]:
    """For a module whose `site` is to be away for a while: it names this one's address."""
    made = Machine(whole(store))
    yield made
    made.stop()
    made.place.close()


@pytest.fixture
def site(store: Flask) -> Iterator[str]:
    """The address of the running product."""
    server = make_server("127.0.0.1", 0, whole(store), threaded=True)
    server.daemon_threads = False  # every request ends before the database is emptied
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def demonstration(store: Flask) -> dict[str, Any]:
    """Open sessions with two candidates, on a bank that just suffices."""
    with store.test_request_context():
        theory.bank(db.session())
        wanted = Wanted(scheme(theory.SCHEME).level(theory.LEVEL), candidates=2)
        made = Stage(db.session(), SHELL, wanted, clock.now(), store.extensions["identity_vault"]).set_up()
        db.session.commit()
        return made


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """A person at a computer of their own, logged in if an account is given."""
    contexts: list[BrowserContext] = []

    def begin(
        account: dict[str, Any] | None = None, *, locale: str = "zh-CN", size: tuple[int, int] = (1366, 768)
    ) -> Person:
        context = browser.new_context(
            locale=locale, timezone_id="Asia/Shanghai", viewport={"width": size[0], "height": size[1]}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        person = Person(context, site)
        if account:
            person.arrive(account["username"], account["password"])
        return person

    yield begin
    for context in contexts:
        context.close()
