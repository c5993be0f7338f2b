"""A template goes out as a file and comes back as a draft."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import people
from tests.unit.app.cli.commands import run, value

SCHEME = "PTS152010301-01"


def test_out_and_in_again(store: Flask, session: Session, tmp_path: Path) -> None:
    author, file = people.user(session, Role.REGISTRAR), tmp_path / "look.json"
    session.commit()
    body = value(run(store, "certificate", "template", "--scheme", SCHEME, "--output", str(file), "--json"))
    assert json.loads(file.read_text("utf-8")) == body
    words = ("template-draft", str(file), "--scheme", SCHEME, "--author", author.username, "--json")
    assert value(run(store, "certificate", *words))["state"] == "draft"


def test_a_faulty_file_is_named_with_its_place(store: Flask, session: Session, tmp_path: Path) -> None:
    author, file = people.user(session, Role.REGISTRAR), tmp_path / "look.json"
    session.commit()
    file.write_text('{"title": {"zh": ""}}', "utf-8")
    words = ("template-draft", str(file), "--scheme", SCHEME, "--author", author.username)
    refused = run(store, "certificate", *words)
    assert refused.exit_code != 0
    assert "title.zh" in refused.stderr
    file.write_text("{", "utf-8")
    assert run(store, "certificate", *words).exit_code != 0
