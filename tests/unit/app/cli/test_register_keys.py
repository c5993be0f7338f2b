"""The published keys at the command line."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import certificates as factory


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["register-keys", *words])
    return done.exit_code, done.output


def test_listed_and_given_up(app: Flask, session: Session) -> None:
    factory.issued(session)
    code, said = run(app, "list", "--json")
    keys = {one["purpose"]: one for one in json.loads(said)}
    assert (code, set(keys)) == (0, {"code", "credential"})
    kid = keys["code"]["kid"]
    code, said = run(app, "withdraw", kid, "--reason", "The machine was stolen.", "--json")
    assert (code, json.loads(said)["kid"]) == (0, kid)
    told = next(one for one in json.loads(run(app, "list", "--json")[1]) if one["kid"] == kid)
    assert told["withdrawn_for"] == "The machine was stolen."
    assert run(app, "withdraw", "unknown", "--reason", "x")[0] == 1
