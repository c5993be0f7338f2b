"""The whole exam page on a slow line: everything it loads before the first question, compressed as nginx sends it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.db import db
from app.delivery import attempts
from app.models.account import Login
from app.web import access
from tests.factories import theory
from tests.factories.times import now

ROOT = Path(__file__).resolve().parents[3]
MOST = 150 * 1024
IMPORTED = re.compile(r'(?:from |import\()[`"]\./([\w.-]+)[`"]')
"""Behaviours that main.js loads are named by the page."""


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def scripts(folder: Path, first: set[str]) -> set[str]:
    found, waiting = set[str](), set(first)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(IMPORTED.findall((folder / name).read_text())) - found - {"${name}.js"}
    return found


def test_the_page_of_a_whole_paper_is_small(app: Flask, session: Session, client: FlaskClient) -> None:
    (sitting,) = theory.open_sitting(session)
    attempts.start(session, sitting.sitter, sitting.attempt_id, now())
    session.commit()
    with app.test_request_context():
        token = access.bearer_token(db.session.get_one(Login, sitting.login_id))
    page = client.get(f"/exam/{sitting.attempt_id}", headers={"Authorization": f"Bearer {token}"})
    assert page.text.count('class="item"') == 90
    static = Path(str(app.static_folder))
    behaviours = {
        f"{name}.js" for found in re.findall(r'data-behaviour="([^"]+)"', page.text) for name in found.split()
    }
    loaded = [
        static / "js" / name
        for name in scripts(static / "js", {"hold-early.js", "main.js", *behaviours, "exam-pulse.js"})
    ]
    loaded += [static / name for name in re.findall(r'href="/static/([^"?]+\.(?:css|svg))', page.text)]
    sizes = {place.name: packed(place.read_bytes()) for place in loaded}
    sizes["page"] = packed(page.data) + longer_items()
    assert sum(sizes.values()) <= MOST, sizes


def longer_items() -> int:
    """The test bank's stems are short; those of the starter bank make the page larger by what 90 of them weigh."""
    folder = ROOT / "question_bank" / "content" / "junior"
    bank = "".join(place.read_text(encoding="utf-8") for place in sorted(folder.glob("*.yaml")))
    return 90 * packed(bank.encode()) // bank.count("  - id: ")
