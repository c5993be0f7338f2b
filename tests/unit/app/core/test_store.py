"""What may vanish at any moment keeps nobody waiting while it is gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest
from flask import Flask
from limits.storage import RedisStorage

from app.config import Settings
from app.core import store
from app.factory import create_app

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"


class Deaf:
    """A server that takes every connection, hears what is said, and answers nothing: the line is held."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.asked = 0
        self._open = list[socket.socket]()
        Thread(target=self._take, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.listening.getsockname()[1]}/0"

    def _take(self) -> None:
        while True:
            try:
                link, _ = self.listening.accept()
            except OSError:
                return
            self.asked += 1
            self._open.append(link)

    def close(self) -> None:
        for one in (self.listening, *self._open):
            one.close()


@pytest.fixture
def deaf() -> Iterator[Deaf]:
    server = Deaf()
    yield server
    server.close()


@pytest.fixture
def app(base_settings: Settings, deaf: Deaf) -> Iterator[Flask]:
    app = create_app(replace(base_settings, database_url=NOWHERE, redis_url=deaf.url))
    yield app
    app.extensions["store"].close()


def test_a_held_line_is_tried_once(app: Flask, deaf: Deaf) -> None:
    with app.app_context(), pytest.raises(store.VANISHED):
        store.client().get("anything")
    assert deaf.asked == 1


def test_rate_limits_are_as_impatient(app: Flask, deaf: Deaf) -> None:
    options = app.config["RATELIMIT_STORAGE_OPTIONS"]
    limits = RedisStorage(app.config["RATELIMIT_STORAGE_URI"], **options)
    with pytest.raises(store.VANISHED):
        limits.get("anything")
    assert (deaf.asked, options["socket_timeout"]) == (1, 0.5)
