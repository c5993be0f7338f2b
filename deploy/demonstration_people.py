"""Programs that act in a demonstration over HTTP, and whole demonstrations on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Flask

from deploy.first_start import DEMONSTRATION, flask

Account = dict[str, Any]
Call = Callable[..., Any]


def demonstration(app: Flask, candidates: int, *how: str) -> dict[str, Any]:
    wanted = (*DEMONSTRATION, "--candidates", str(candidates), *how)
    return dict(json.loads(flask(app, "demo", "create", *wanted, "--json")))


def logged_in(app: Flask, account: Account) -> Call:
    client = app.test_client()
    given = {name: account[name] for name in ("username", "password")}
    token = client.post("/api/v1/tokens", json=given).get_json()["token"]

    def call(method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.text}")
        return answer.get_json() if answer.is_json else answer.data

    return call
