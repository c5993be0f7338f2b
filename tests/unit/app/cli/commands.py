"""Commands run as somebody types them."""

import json
from typing import Any

from click.testing import Result
from flask import Flask


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def value(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
