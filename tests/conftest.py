"""What every test may ask for: servers, settings, and a browser."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from app.config import Settings
from deploy import catalogues, tools
from tests import servers
from tests.browser import FLAGS

RUN = pytest.StashKey[ExitStack]()

TIRING = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
hypothesis_settings.register_profile("exam", deadline=None, suppress_health_check=TIRING)  # no test measures time
hypothesis_settings.load_profile("exam")

LONGEST = ("test_short.py", "test_every_page.py", "test_contract.py")
"""Files that take a minute or more: begun first, so that no process is alone with one when the others have ended."""
gc.set_threshold(10_000, 10, 10)  # looking for what nothing refers to took a tenth of the processor's time


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the process that everything else of this run hangs on
        catalogues.compile_stale()
        config.stash[RUN] = ExitStack()
        config.stash[RUN].enter_context(servers.in_use())


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[RUN].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a crowded machine may be late for once: it is run again, twice at most, and named."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test met that was run again: whatever came by chance does not come again for the asking."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"{report.nodeid} ({report.when})", "_")
        terminalreporter.write_line(report.longreprtext)


@pytest.fixture(scope="session")
def slot() -> Iterator[int]:
    """The number of this test process among all that run in this checkout."""
    with servers.slot() as number:
        yield number


@pytest.fixture(scope="session")
def redis_url(slot: int) -> Iterator[str]:
    with servers.cache(slot) as url:
        yield url


@pytest.fixture(scope="session")
def base_settings(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url="",
        redis_url=redis_url,
        secret_key="a secret of the tests only",
        identity_secret="another secret of the tests only",
        data_dir=tmp_path_factory.mktemp("data"),
        demonstration=True,
        testing=True,
    )


@pytest.fixture(scope="session")
def database_url(slot: int, base_settings: Settings) -> Iterator[str]:
    """A migrated, empty database of this test process."""
    with servers.database(slot, base_settings) as url:
        yield url


@pytest.fixture(scope="session")
def app_settings(base_settings: Settings, database_url: str) -> Settings:
    from dataclasses import replace

    return replace(base_settings, database_url=database_url)


@pytest.fixture(scope="session")
def chromium() -> Path:
    path = tools.find("chromium")
    if path is None:
        pytest.fail("Chromium is missing: `make tools` fetches it.")
    return path


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[object]:
    """A playwright Browser; contexts are the tests' own, made with `browser.new_context(**CONTEXT)`.

    One for each module, since playwright keeps an event loop going in this thread as long as it lives, and what signs
    or checks a PDF in the same thread starts one of its own.
    """
    from playwright.sync_api import sync_playwright

    if driver := tools.find(tools.BROWSER_DRIVER):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(driver)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def app(app_settings: Settings) -> Iterator[Flask]:
    """The application on this process's database."""
    from app.core.db import db
    from app.delivery import direct
    from app.factory import create_app

    made = create_app(app_settings)
    yield made
    with made.app_context():
        direct.close()
        db.engine.dispose()
    made.extensions["store"].close()


@pytest.fixture
def store(app: Flask, app_settings: Settings) -> Iterator[Flask]:
    """The application with an empty database; whatever the test commits is gone after it."""
    from tests.emptying import empty

    yield app
    empty(app, app_settings.redis_url)


@pytest.fixture
def session(store: Flask) -> Iterator[Session]:
    """A database session inside an application context."""
    from app.core.db import db

    with store.app_context():
        yield db.session()
        db.session.rollback()


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return store.test_client()
