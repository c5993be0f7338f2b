"""How values look on the screen."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.presentation import particular


@pytest.mark.parametrize(
    "value, shown",
    [
        ("2026-11-21T20:57:51.942044+00:00", "2026-11-22 04:57:51"),
        ("2026-11-21T20:57:51Z", "2026-11-22 04:57:51"),
        ("身体不适", "身体不适"),
        ("2026-11-21", "2026-11-21"),
        (600, "600"),
        ([1, 2], "[1, 2]"),
    ],
)
def test_instants_of_the_log_stand_in_the_readers_time(app: Flask, value: object, shown: str) -> None:
    with app.test_request_context():
        assert particular(value) == shown
