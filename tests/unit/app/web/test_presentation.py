"""How values look on the screen."""

from __future__ import annotations

import pytest
from flask import Flask, session

from app.web.presentation import particular


@pytest.mark.parametrize(
    "value, shown",
    [
        ("2026-11-21T20:57:51.942044+00:00", "2026-11-22 04:57:51"),
        ("2026-11-21T20:57:51Z", "2026-11-22 04:57:51"),
        ("身体不适", "身体不适"),
        ("2026-11-21", "2026-11-21"),
        (600, "600"),
        ([1, 2], "1, 2"),
        ({"theory": 60, "marks": None}, "theory 60, marks —"),
        (True, "是"),
        (None, "—"),
    ],
)
def test_instants_of_the_log_stand_in_the_readers_time(app: Flask, value: object, shown: str) -> None:
    with app.test_request_context():
        assert particular(value) == shown


def test_a_word_of_a_template_is_said_in_the_language_of_each_reader(app: Flask) -> None:
    """What stands in a template as a constant is not worked out once for all."""
    template = app.jinja_env.from_string("{{ 'in_use'|state }}")
    said = []
    for language in ("zh_CN", "en"):
        with app.test_request_context():
            session["language"] = language
            said.append(template.render())
    assert said == ["使用中", "In use"]
