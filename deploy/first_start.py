"""Bring the store up to date, and fill an empty demonstration store with the starter bank and an open session."""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
from click import ClickException
from flask import Flask
from flask.cli import ScriptInfo

from app.config import Settings, SettingsError
from app.core.errors import N_, Refusal
from app.factory import create_app
from deploy.say import in_words, refusal_in_words, say

ROOT = Path(__file__).resolve().parent.parent
LOGINS = "demo-logins.json"
DEMONSTRATION = ["--scheme", "PTS152010301-01", "--level", "junior"]
PEOPLE = ["--candidates", "3", "--proctors", "1", "--examiners", "2", "--stations"]


def flask(app: Flask, *arguments: str) -> str:
    """One of our own commands, in this process to save its start; what it says against us goes to the terminal."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            app.cli.main(list(arguments), "flask", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    except (SystemExit, ClickException) as error:
        if isinstance(error, ClickException):
            error.show()
        if not isinstance(error, SystemExit) or error.code:
            sys.exit(in_words(N_("flask %(command)s failed; the reason is above."), command=" ".join(arguments[:2])))
    return said.getvalue()


def prepare(settings: Settings) -> None:
    app = create_app(settings)
    say(N_("Bringing the database up to date …"))
    flask(app, "db", "upgrade")
    if not settings.demonstration:
        return
    logins = settings.data_dir / LOGINS
    if _is_empty(settings, "item"):
        say(N_("Loading the starter bank …"))
        bank = ROOT / "question_bank" / "content"
        flask(app, "bank", "import", *(str(path) for path in sorted(bank.rglob("*.yaml"))))
    if _is_empty(settings, "practical_task"):
        say(N_("Loading the tasks of the practical …"))
        flask(app, "task", "import", str(ROOT / "question_bank" / "tasks" / "content"))
    begun = logins.with_suffix(".new")  # still there after a break: then nobody knows that demonstration's log-ins
    if begun.exists() or _is_empty(settings, "user_account"):
        say(N_("Opening a demonstration session …"))
        begun.unlink(missing_ok=True)
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(made := flask(app, "demo", "create", *DEMONSTRATION, *PEOPLE, "--json"))
        begun.replace(logins)
        _show(json.loads(made))
    if logins.exists():
        say(N_("The log-ins of the demonstration are kept in %(path)s"), path=logins)


def _is_empty(settings: Settings, table: str) -> bool:
    with psycopg.connect(settings.database_url.replace("+psycopg", "", 1)) as link:
        query = psycopg.sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(psycopg.sql.Identifier(table))
        row = link.execute(query).fetchone()
        return row is not None and bool(row[0])


def _show(made: dict[str, Any]) -> None:
    titles = {
        "registrar": N_("registrar"),
        "proctors": N_("proctor"),
        "examiners": N_("examiner"),
        "candidates": N_("candidate"),
    }
    for key, title in titles.items():
        people = made.get(key) or []
        for person in people if isinstance(people, list) else [people]:
            print(f"  {_column(in_words(title), 14)}{person['username']:<20}{person['password']}")


def _column(text: str, width: int) -> str:
    """Chinese characters take two places of a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * (width - taken)


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        prepare(Settings.from_env())
    except SettingsError as error:
        sys.exit(str(error))
    except Refusal as refusal:
        sys.exit(refusal_in_words(refusal))
