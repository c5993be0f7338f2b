"""A client whose every request has a context of its own, also while the test holds one."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Visitor(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


def token(client: FlaskClient, address: str, headers: dict[str, str]) -> str:
    """What the page's own form would send along."""
    return client.get(address, headers=headers).text.split('name="csrf-token" content="')[1].split('"')[0]


def visitor(app: Flask) -> FlaskClient:
    return Visitor(app, app.response_class)
